/*
 * The programs that must be told of the end of a session, according to the settings.
 */
#ifndef HEARERS_H
#define HEARERS_H

#include "config/config.h"
#include "people/session_end.h"

/* Borrows from both arguments. */
struct session_hearers hearers_of(const struct config *config, struct db *db);

#endif
