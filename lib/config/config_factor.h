/* Of whom a second factor is required: factor_required and factor_required_from. */
#ifndef CONFIG_FACTOR_H
#define CONFIG_FACTOR_H

#include "config/config.h"

/*
 * The words of factor_required if it counts at the time `now`: roles, or the word all.
 * Returns how many. They borrow from `c`.
 */
size_t config_factor_need(const struct config *c, int64_t now,
			  struct str words[CONFIG_LIST_MAX]);

/* When the day YYYY-MM-DD starts (UTC). False: `day` has another form or is no day. */
bool config_day(struct str day, int64_t *start);

#endif
