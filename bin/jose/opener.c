#include "bin/jose/opener.h"

#include "bin/command.h"
#include "bin/jose/verdict.h"
#include "bin/keyfile/key_file.h"

static int
open_token(const struct opener *opener, const char *keys, struct str token, bool raw)
{
	struct keyset set;
	struct header h = { 0 };
	struct buf content;
	struct why why = { "" };
	enum jwt_refusal refusal = JWT_FAILED;
	int64_t now;
	int status;
	enum err e = key_file_load(keys, opener->purpose, &set, &why);

	if (e != ERR_OK)
		return e == ERR_UNSUPPORTED
			       ? verdict_unfit(keys, token, opener->use, &why)
			       : COMMAND_FAILED;
	buf_init(&content, COMMAND_INPUT_MAX);
	if (!command_now(&now))
		status = COMMAND_FAILED;
	else if (opener->open(&set, token, now, &h, &content, &refusal) == VERDICT_ALLOW)
		status = command_write_line(buf_str(&content), raw) ? COMMAND_OK
								    : COMMAND_FAILED;
	else
		status = verdict_token(token, opener->use, refusal);
	header_done(&h);
	buf_done(&content);
	keyset_done(&set);
	return status;
}

int
opener_run(int argc, char **argv, const struct opener *opener)
{
	const char *keys = NULL;
	bool raw = false;
	const struct command_option options[] = { { "keys", .value = &keys },
						  { "raw", .flag = &raw },
						  { NULL } };
	struct buf token;
	int status = COMMAND_FAILED;

	if (!command_options(&argc, argv, options) || argc != 1 || keys == NULL)
		return COMMAND_MISUSED;
	buf_init(&token, COMMAND_INPUT_MAX);
	if (command_read_token(&token))
		status = open_token(opener, keys, buf_str(&token), raw);
	buf_done(&token);
	return status;
}
