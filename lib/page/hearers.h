/*
 * Who has to hear of the end of a session, by the settings.
 */
#ifndef HEARERS_H
#define HEARERS_H

#include "config/config.h"
#include "people/session_end.h"

/* Borrows from both. */
struct session_hearers hearers_of(const struct config *config, struct db *db);

#endif
