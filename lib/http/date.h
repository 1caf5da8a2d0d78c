/*
 * Dates in headers (RFC 9110, 5.6.7).
 */
#ifndef HTTP_DATE_H
#define HTTP_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define DATE_SIZE 30

/* "Sun, 06 Nov 1994 08:49:37 GMT" and a NUL. */
void date_write(int64_t seconds, char text[DATE_SIZE]);

/* Parse that form, or one of the two obsolete ones (RFC 850, asctime). */
bool date_read(struct str text, int64_t *seconds);

#endif
