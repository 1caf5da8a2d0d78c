#include <unistd.h>

#include "bin/key/key.h"
#include "json/json.h"

/* "12d", "3h", "5m": the largest unit that fits. */
static void
put_age(struct buf *out, int64_t seconds)
{
	if (seconds >= 2 * 86400)
		buf_addf(out, "%lldd", (long long)(seconds / 86400));
	else if (seconds >= 2 * 3600)
		buf_addf(out, "%lldh", (long long)(seconds / 3600));
	else
		buf_addf(out, "%lldm", (long long)(seconds / 60));
}

/* A kid may contain anything. Bytes that a terminal would obey are shown as `?`. */
static void
put_kid(struct buf *out, struct str kid)
{
	for (size_t i = 0; i < kid.n; i++) {
		unsigned char c = (unsigned char)kid.p[i];

		buf_addc(out, c < 0x20 || c == 0x7f || c >= 0x80 ? '?' : (char)c);
	}
	for (size_t i = kid.n; i < JWK_THUMBPRINT; i++)
		buf_addc(out, ' ');
}

/* What is shown of the keys at one place. */
struct shown {
	struct keyset set;
	const struct jwk *logins; /* the key that signs them, or NULL */
	bool several;             /* algorithms, each with a key that signs */
	int64_t now;
	bool json;
};

static void
put_line(struct buf *out, const struct shown *s, const struct jwk *key)
{
	int64_t now = s->now;
	struct buf age;

	buf_init(&age, 64);
	if (key->iat != 0 && key->iat <= now)
		put_age(&age, now - key->iat);
	put_kid(out, jwk_kid(key));
	buf_addf(out, "  %-14s  %s  %5s  %s", key->alg->name,
		 key->alg->use == ALG_SIGN ? "sig" : "enc", age.n > 0 ? buf_z(&age) : "-",
		 key_state_text(&s->set, key, now));
	if (s->several && key == s->logins)
		buf_addz(out, ", logins");
	if (key->nbf > now) {
		buf_addz(out, ", from in ");
		put_age(out, key->nbf - now);
	}
	if (key->exp > now) {
		buf_addz(out, ", over in ");
		put_age(out, key->exp - now);
	}
	buf_addc(out, '\n');
	buf_done(&age);
}

/* The keys of `alg` together. */
static void
put_alg(struct buf *out, const struct shown *s, const struct alg *alg)
{
	for (size_t i = 0; i < s->set.n; i++) {
		const struct jwk *key = &s->set.keys[i];

		if (key->alg != alg)
			continue;
		if (s->json)
			key_put_json(out, key, key_state_text(&s->set, key, s->now),
				     key == s->logins);
		else
			put_line(out, s, key);
	}
}

/* `logins`: the algorithm that signs logins; NULL: determined by the keys. */
static bool
put_set(struct buf *out, const char *path, const struct alg *logins, int64_t now,
	bool json)
{
	struct shown s = { .now = now, .json = json };
	struct why why = { "" };
	const struct alg *alg;
	size_t signing = 0;
	enum err e = key_file_load(path, KEYSET_MANAGE, &s.set, &why);

	if (e == ERR_UNSUPPORTED)
		command_fail("%s: %s", path, why.text);
	s.logins = keyset_signing_key(&s.set, logins, now, NULL);
	for (size_t i = 0; (alg = alg_at(i)) != NULL; i++)
		signing += keyset_signing_key(&s.set, alg, now, NULL) != NULL;
	s.several = signing > 1;
	for (size_t i = 0; (alg = alg_at(i)) != NULL; i++)
		put_alg(out, &s, alg);
	keyset_done(&s.set);
	return e == ERR_OK;
}

/*
 * The keys that the settings name: the private ones if they exist, otherwise the
 * public ones.
 */
static bool
put_settings(struct buf *out, int64_t now, bool json)
{
	struct config c;
	const char *path;
	bool good;

	if (!command_config(&c))
		return false;
	path = c.signing_keys;
	if (c.verifying_keys != NULL && (path == NULL || access(path, F_OK) != 0))
		path = c.verifying_keys;
	if (path == NULL)
		path = key_path(&c, "signing_keys");
	good = path != NULL && put_set(out, path, key_settings_alg(&c), now, json);
	if (good && c.decryption_keys != NULL && access(c.decryption_keys, F_OK) == 0)
		good = put_set(out, c.decryption_keys, NULL, now, json);
	config_done(&c);
	return good;
}

int
key_list(int argc, char **argv)
{
	const char *keys = NULL;
	bool json = false;
	const struct command_option options[] = { { "keys", .value = &keys },
						  { "json", .flag = &json },
						  { NULL } };
	struct buf out;
	int64_t now;
	bool good;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	buf_init(&out, KEYSET_BYTES);
	if (json)
		json_put_open(&out, '[');
	good = command_now(&now) && (keys != NULL ? put_set(&out, keys, NULL, now, json)
						  : put_settings(&out, now, json));
	if (json) {
		json_put_close(&out, ']');
		buf_addc(&out, '\n');
	}
	good = good && command_write(buf_str(&out));
	buf_done(&out);
	return good ? COMMAND_OK : COMMAND_FAILED;
}
