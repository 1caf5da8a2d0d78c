/* Finds settings that are well formed, but do not make sense together. */
#ifndef CONFIG_CHECK_H
#define CONFIG_CHECK_H

#include "config/config.h"

/*
 * Add a line to `problems` for each contradiction. `lines` has the line that set each
 * row of config_table, or 0.
 */
void config_check(const struct config *c, const unsigned *lines, struct buf *problems);

#endif
