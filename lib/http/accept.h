/*
 * Who is asking: a person with a browser, or a program.
 */
#ifndef ACCEPT_H
#define ACCEPT_H

#include <stdbool.h>

#include "base/str.h"
#include "http/request.h"

/*
 * Wants HTML rather than JSON: Accept gives text/html a higher weight than
 * application/json (RFC 9110, 12.5.1). Without Accept, or with mere wildcards,
 * it is a program.
 */
bool accept_html(const struct request *r);

/*
 * A page being opened: wants HTML, and neither Sec-Fetch-Mode, Sec-Fetch-Dest
 * nor X-Requested-With says that a script asked. Only then is a redirect to
 * the login page of any use.
 */
bool accept_navigation(const struct request *r);

#endif
