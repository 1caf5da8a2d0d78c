#include "bin/keyfile/key_file.h"

#include <stdio.h>
#include <sys/stat.h>

#include "bin/command.h"
#include "crypto/secret.h"

static enum err
load_file(const char *path, enum keyset_purpose purpose, struct keyset *set,
	  struct why *why)
{
	struct buf text;
	mode_t mode = 0;
	enum err e;

	*set = (struct keyset){ 0 };
	buf_init(&text, KEYSET_BYTES);
	if ((e = secret_read_any(path, KEYSET_BYTES, &text, &mode, why)) == ERR_OK) {
		e = keyset_parse(buf_str(&text), purpose, set, why);
		if (e == ERR_OK && keyset_is_secret(set) && secret_mode_is_open(mode))
			fprintf(stderr,
				"doorward: warning: %s holds a secret that others can "
				"read or write; chmod 0600\n",
				path);
		if (e != ERR_OK && e != ERR_UNSUPPORTED)
			command_fail("%s: %s", path, why->text);
	} else {
		command_fail("%s", why->text);
	}
	buf_done(&text);
	return e;
}

enum err
key_file_load(const char *path, enum keyset_purpose purpose, struct keyset *set,
	      struct why *why)
{
	struct stat st;
	enum err e;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return load_file(path, purpose, set, why);
	e = keyset_load(path, purpose, set, why);
	if (e != ERR_OK && e != ERR_UNSUPPORTED)
		command_fail("%s", why->text);
	return e;
}
