/*
 * Rules, one a line, and a question on the last line: a path that must never
 * be open to nobody unless some rule has the word.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
ask(const struct rules *rs, struct str path, bool any_open)
{
	struct rules_question q = { .path = path, .method = STR("GET"), .now = 1000 };
	static const struct identity login = { .kind = IDENTITY_LOGIN };
	static const struct identity client = { .kind = IDENTITY_CLIENT };
	struct rules_verdict v;

	rules_decide(rs, NULL, &q, &v);
	if (v.answer == RULES_ALLOW && (!v.open || !any_open))
		abort();
	q.who = &login;
	rules_decide(rs, NULL, &q, &v);
	if (v.open && !any_open)
		abort();
	q.who = &client; /* without scope and name: no rule can mean it */
	rules_decide(rs, NULL, &q, &v);
	if (v.answer == RULES_ALLOW && (!v.open || !any_open))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data, size };
	struct rule extra;
	struct rules rs;
	bool any_open = false;
	struct str line = { "", 0 };

	rules_init(&rs);
	while (rest.n > 0 && rs.n < 64) {
		line = str_cut(&rest, '\n');
		if (rules_add(&rs, line, "fuzz", NULL) == ERR_OK &&
		    rs.rule[rs.n - 1].access == RULE_OPEN)
			any_open = true;
		if (rule_parse_extra(line, "fuzz", &extra, NULL) == ERR_OK) {
			if (extra.access == RULE_OPEN)
				abort();
			rule_done(&extra);
		}
	}
	if (rules_sort(&rs, NULL) == ERR_OK)
		ask(&rs, line, any_open);
	rules_done(&rs);
	return 0;
}
