/*
 * Upkeep without cron (upkeep = program). After an answer, a program with a database
 * deletes some of what is over; the login program also rotates its keys when that is
 * due. A program takes part by two lines in its struct program:
 *
 *   .duty = &upkeep_duty,
 *   .powers = { …, &power_upkeep },
 *
 * When there is nothing to do, this costs no statement for an hour: each process
 * remembers it, and a file in state_dir tells the others on this host.
 */
#ifndef UPKEEP_DUTY_H
#define UPKEEP_DUTY_H

#include "serve/serve.h"

extern const struct power power_upkeep;

extern const struct duty upkeep_duty;
extern const struct duty upkeep_duty_with_keys; /* upkeep_keys.c: for login only */

#endif
