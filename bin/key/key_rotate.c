/* doorward key rotate: replace the keys that sign, step by step. */
#include <stdio.h>
#include <string.h>

#include "bin/key/key.h"
#include "keys/key_rotation.h"
#include "json/json.h"

static bool
report(const struct key_rotation *r, bool json)
{
	struct str kids = buf_str(r->made);
	struct buf out;
	bool good;

	if (!json)
		return command_write(kids);
	buf_init(&out, KEYSET_BYTES);
	json_put_open(&out, '{');
	json_put_member_bool(&out, "made", kids.n > 0);
	if (kids.n > 0)
		json_put_member(&out, "kid", str_sub(kids, 0, str_index(kids, '\n')));
	json_put_name(&out, "kids");
	json_put_open(&out, '[');
	while (kids.n > 0)
		json_put_str(&out, str_cut(&kids, '\n'));
	json_put_close(&out, ']');
	json_put_close(&out, '}');
	buf_addc(&out, '\n');
	good = command_write(buf_str(&out));
	buf_done(&out);
	return good;
}

static int
rotate_settings(const struct key_rotation *r, bool json)
{
	struct why why = { "" };

	if (key_path(r->config, "signing_keys") == NULL ||
	    key_path(r->config, "verifying_keys") == NULL)
		return COMMAND_FAILED;
	if (key_rotate_now(r, &why) == ERR_OK)
		return report(r, json) ? COMMAND_OK : COMMAND_FAILED;
	command_fail("%s", why.text);
	return COMMAND_FAILED;
}

static bool
is_signature_alg(const char *name)
{
	const struct alg *alg = name == NULL ? NULL : alg_find(str_of(name));

	if (name == NULL || (alg != NULL && alg->use == ALG_SIGN))
		return true;
	command_fail("%s is no signature algorithm that is offered", name);
	return false;
}

int
key_rotate(int argc, char **argv)
{
	struct key_rotation r = { .ahead_s = KEY_AHEAD };
	const char *every = NULL, *ahead = NULL, *group = NULL;
	bool json = false;
	const struct command_option options[] = {
		{ "every", .value = &every },
		{ "ahead", .value = &ahead },
		{ "alg", .value = &r.alg },
		{ "group", .value = &group },
		{ "now", .flag = &r.now_wanted },
		{ "json", .flag = &json },
		{ NULL },
	};
	struct config config;
	struct trail trail;
	struct buf made;
	gid_t gid;
	int status;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!is_signature_alg(r.alg))
		return COMMAND_UNSUPPORTED;
	if (group != NULL && !key_find_group(group, &gid))
		return command_fail("there is no group %s", group);
	if ((every != NULL && !command_duration("every", every, &r.every_s)) ||
	    (ahead != NULL && !command_duration("ahead", ahead, &r.ahead_s)) ||
	    !command_now(&r.now) || !command_config(&config))
		return COMMAND_FAILED;
	r.config = &config;
	r.programs_until = key_programs_until(&config, r.now);
	r.group = group == NULL ? NULL : &gid;
	if (r.now_wanted)
		r.ahead_s = 0;
	trail_init(&trail, "keys_rotated", &config);
	buf_init(&made, KEYSET_BYTES);
	r.done = &trail.detail;
	r.made = &made;
	status = rotate_settings(&r, json);
	trail.keys = status == COMMAND_OK;
	status = trail_after(&trail, status);
	buf_done(&made);
	trail_done(&trail);
	config_done(&config);
	return status;
}
