/*
 * Whether what the settings name is there, readable and safe.
 */
#ifndef CONFIG_FILES_H
#define CONFIG_FILES_H

#include "app/config.h"

/* Add a line to `problems` for each file, directory, key or rule that is not good. */
void config_check_files(const struct config *c, struct buf *problems);

/* Add a line to `notes` for each program that lacks a setting to run. */
void config_check_programs(const struct config *c, struct buf *notes);

#endif
