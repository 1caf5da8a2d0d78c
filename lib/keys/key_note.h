/*
 * What was done to keys, in words NAME=VALUE, for the audit and the log.
 */
#ifndef KEY_NOTE_H
#define KEY_NOTE_H

#include "base/buf.h"
#include "base/str.h"

/* Append NAME=VALUE after a space. An empty value is left out. */
void key_note(struct buf *done, const char *name, struct str value);

#endif
