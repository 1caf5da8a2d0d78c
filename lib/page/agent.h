/*
 * A User-Agent in words that a person recognises.
 */
#ifndef AGENT_H
#define AGENT_H

#include "base/str.h"

/* Static strings, empty when unknown: {"Firefox", "Linux"}, {"curl", ""}. */
struct agent {
	struct str browser;
	struct str system;
};

struct agent agent_read(struct str user_agent);

#endif
