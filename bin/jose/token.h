/* doorward token: tokens for programs, and a token that the operator issues for doctor. */
#ifndef COMMAND_TOKEN_H
#define COMMAND_TOKEN_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "bin/command.h"
#include "config/config.h"

command_run token_issue_command;   /* token_issue.c */
command_run token_list, token_end; /* token_list.c */

/*
 * For `sub`, who is no person, without roles, good for `life` seconds from `now`. A row
 * of the audit is written first.
 */
enum err token_make(const struct config *config, const char *sub, int64_t now,
		    int64_t life, struct buf *token, struct why *why);

#endif
