/* All settings: as a list, and as a file to start from. */
#ifndef CONFIG_LIST_H
#define CONFIG_LIST_H

#include "base/buf.h"
#include "bin/command.h"
#include "config/config_table.h"

command_run config_list_command;
command_run config_sample_command; /* config_sample.c */

/* "text", "on|off", "debug|info|warn|error", "duration, 1m to 1d", … */
void config_put_kind(const struct setting *s, struct buf *out);

/* "required", "default 10m", "default: the value of public_url", "default: none" */
void config_put_default(const struct setting *s, struct buf *out);

#endif
