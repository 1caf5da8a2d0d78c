#include "jose/keyset/keyset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "jose/keyset/keyset_parts.h"
#include "json/json.h"

static const struct json_limits limits = { .bytes = KEYSET_BYTES,
					   .depth = 6,
					   .values = 32768 };

enum err
keyset_why_at(struct why *why, enum err e, const char *path)
{
	struct why reason;

	if (why == NULL)
		return e;
	reason = *why;
	return why_set(why, e, "%.200s: %.300s", path, reason.text);
}

/* The minimum that a set must contain. */
static unsigned
op_wanted(enum keyset_purpose purpose)
{
	switch (purpose) {
	case KEYSET_VERIFY:
	case KEYSET_VERIFY_ANY:
		return JWK_OP_VERIFY;
	case KEYSET_SIGN:
		return JWK_OP_SIGN;
	case KEYSET_ENCRYPT:
		return JWK_OP_ENCRYPT;
	case KEYSET_DECRYPT:
		return JWK_OP_DECRYPT;
	case KEYSET_MANAGE:
		break;
	}
	return JWK_OP_SIGN | JWK_OP_VERIFY | JWK_OP_ENCRYPT | JWK_OP_DECRYPT;
}

/*
 * The minimum that each key must be able to do. A signing program must also verify its
 * own older tokens.
 */
static unsigned
op_kept(enum keyset_purpose purpose)
{
	return op_wanted(purpose) | (purpose == KEYSET_SIGN ? JWK_OP_VERIFY : 0);
}

static enum jwk_default
default_for(enum keyset_purpose purpose)
{
	return purpose == KEYSET_ENCRYPT || purpose == KEYSET_DECRYPT
		       ? JWK_FOR_ENCRYPTION
		       : JWK_FOR_SIGNATURES;
}

void
keyset_begin(struct keyset *set, const struct alg *unnamed)
{
	*set = (struct keyset){ .unnamed = unnamed };
}

void
keyset_done(struct keyset *set)
{
	for (size_t i = 0; i < set->n; i++)
		jwk_done(&set->keys[i]);
	free(set->keys);
	if (set->memo != NULL)
		header_forget(set->memo);
	free(set->memo);
	keyset_begin(set, NULL);
}

bool
keyset_is_secret(const struct keyset *set)
{
	return set->kind == KEYS_SECRET || set->kind == KEYS_PRIVATE;
}

/*
 * The kind of key in a JWK, whether we can use it or not. A secret of an unsupported
 * algorithm is still a secret. KEYS_NONE if nothing shows the kind.
 */
static enum keyset_kind
kind_of(const struct json_t *object)
{
	struct str kty = { 0 };

	json_get_str(object, "kty", &kty);
	if (str_is(kty, "oct") || json_has(object, "k"))
		return KEYS_SECRET;
	if (json_has(object, "d") || json_has(object, "p") || json_has(object, "q"))
		return KEYS_PRIVATE;
	return str_is(kty, "RSA") || str_is(kty, "EC") || str_is(kty, "OKP") ? KEYS_PUBLIC
									     : KEYS_NONE;
}

/*
 * True if such a key may be in the same set as the present ones. `ends`: it has an
 * exp. A key that no longer signs has only its public half left, and an exp.
 */
static enum err
check_kind(struct keyset *set, enum keyset_kind kind, bool ends,
	   enum keyset_purpose purpose, struct why *why)
{
	if (purpose == KEYSET_VERIFY && kind == KEYS_PRIVATE)
		return why_set(why, ERR_PERMISSION,
			       "a private key where only public ones belong: name the "
			       "published set (doorward key publish) instead");
	set->endless = set->endless || (kind == KEYS_PUBLIC && !ends);
	if (kind == KEYS_NONE || kind == set->kind)
		return ERR_OK;
	if (set->kind == KEYS_NONE ||
	    (kind == KEYS_PRIVATE && set->kind == KEYS_PUBLIC && !set->endless)) {
		set->kind = kind;
		return ERR_OK;
	}
	if (kind == KEYS_PUBLIC && set->kind == KEYS_PRIVATE && ends)
		return ERR_OK;
	if (set->kind == KEYS_SECRET || kind == KEYS_SECRET)
		return why_set(why, ERR_SYNTAX,
			       "secret (oct) and public-key keys in one set");
	return why_set(why, ERR_SYNTAX, "private and public keys in one set");
}

static bool
make_room(struct keyset *set)
{
	size_t size = set->size == 0 ? 4 : 2 * set->size;
	struct jwk *keys;

	if (set->n < set->size)
		return true;
	if ((keys = realloc(set->keys, size * sizeof(*keys))) == NULL)
		return false;
	set->keys = keys;
	set->size = size;
	return true;
}

static enum err
add_key(struct keyset *set, const struct json_t *object, enum keyset_purpose purpose,
	struct why *why)
{
	struct jwk key;
	enum err e;

	if (set->total == KEYSET_KEYS)
		return why_set(why, ERR_LIMIT, "more than %d keys", KEYSET_KEYS);
	set->total++;
	e = check_kind(set, kind_of(object), json_has(object, "exp"), purpose, why);
	if (e != ERR_OK)
		return e;
	e = jwk_parse(object, default_for(purpose), set->unnamed, &key, why);
	if (e == ERR_OK && make_room(set)) {
		set->keys[set->n++] = key;
		return ERR_OK;
	}
	if (e == ERR_OK)
		e = why_set(why, ERR_MEMORY, "no memory for a key");
	jwk_done(&key);
	return e == ERR_UNSUPPORTED ? ERR_OK : e;
}

static int
compare_kids(struct str a, struct str b)
{
	int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

static int
by_kid(const void *a, const void *b)
{
	return compare_kids(jwk_kid(a), jwk_kid(b));
}

static int
by_text(const void *a, const void *b)
{
	return compare_kids(*(const struct str *)a, *(const struct str *)b);
}

/* Keys that will be ignored are counted as well. */
static enum err
check_kids(const struct json_t *array, struct why *why)
{
	size_t count = json_count(array), n = 0;
	struct str *kids = calloc(count + 1, sizeof(*kids));
	enum err e = ERR_OK;

	if (kids == NULL)
		return why_set(why, ERR_MEMORY, "no memory for keys");
	for (size_t i = 0; i < count; i++)
		if (json_get_str(json_item(array, i), "kid", &kids[n]) == JSON_FOUND)
			n++;
	qsort(kids, n, sizeof(*kids), by_text);
	for (size_t i = 1; e == ERR_OK && i < n; i++)
		if (str_eq(kids[i - 1], kids[i]))
			e = why_set(why, ERR_SYNTAX, "two keys with one kid");
	free(kids);
	return e;
}

static enum err
add_keys(struct keyset *set, const struct json_t *array, enum keyset_purpose purpose,
	 struct why *why)
{
	enum err e = check_kids(array, why);
	char number[32];

	for (size_t i = 0; e == ERR_OK && i < json_count(array); i++) {
		e = add_key(set, json_item(array, i), purpose, why);
		snprintf(number, sizeof(number), "key %zu", i + 1);
		if (e != ERR_OK)
			keyset_why_at(why, e, number);
	}
	return e;
}

/* digest = SHA-256(digest || SHA-256(json)) */
static enum err
add_digest(struct keyset *set, struct str json)
{
	unsigned char both[2 * SHA256_SIZE];
	enum err e;

	memcpy(both, set->digest, SHA256_SIZE);
	if ((e = sha256(json, both + SHA256_SIZE)) != ERR_OK)
		return e;
	return sha256((struct str){ (char *)both, sizeof(both) }, set->digest);
}

enum err
keyset_add(struct keyset *set, struct str json, enum keyset_purpose purpose,
	   struct why *why)
{
	const struct json_t *array;
	struct json_t *root;
	enum err e = json_parse(json, &limits, &root, why);

	if (e != ERR_OK)
		return e;
	if (!json_has(root, "keys"))
		e = add_key(set, root, purpose, why);
	else if (json_has(root, "kty") ||
		 json_get_array(root, "keys", &array) != JSON_FOUND)
		e = why_set(why, ERR_SYNTAX, "neither a JWK nor a JWKS");
	else
		e = add_keys(set, array, purpose, why);
	json_free(root);
	if (e == ERR_OK && add_digest(set, json) != ERR_OK)
		e = why_set(why, ERR_CRYPTO, "SHA-256 failed");
	return e;
}

static const char *
purpose_verb(enum keyset_purpose purpose)
{
	switch (purpose) {
	case KEYSET_SIGN:
		return "sign";
	case KEYSET_ENCRYPT:
		return "encrypt";
	case KEYSET_DECRYPT:
		return "decrypt";
	case KEYSET_VERIFY:
	case KEYSET_VERIFY_ANY:
		return "verify";
	default:
		return "be used";
	}
}

enum err
keyset_finish(struct keyset *set, enum keyset_purpose purpose, struct why *why)
{
	unsigned ops = 0;
	size_t kept = 0;

	if (set->n > 1)
		qsort(set->keys, set->n, sizeof(*set->keys), by_kid);
	for (size_t i = 1; i < set->n; i++)
		if (by_kid(&set->keys[i - 1], &set->keys[i]) == 0)
			return why_set(why, ERR_SYNTAX, "two keys with one kid");
	if ((set->memo = calloc(1, sizeof(*set->memo))) == NULL)
		return why_set(why, ERR_MEMORY, "no memory for a key set");
	for (size_t i = 0; i < set->n; i++) {
		if ((set->keys[i].ops & op_kept(purpose)) == 0) {
			jwk_done(&set->keys[i]);
			continue;
		}
		ops |= set->keys[i].ops;
		set->keys[kept++] = set->keys[i];
	}
	set->n = kept;
	if ((ops & op_wanted(purpose)) != 0)
		return ERR_OK;
	if (set->total == 1 && why != NULL && why->text[0] != '\0')
		return ERR_UNSUPPORTED; /* the reason has been stored already */
	return why_set(why, ERR_UNSUPPORTED, "no key in it can %s",
		       purpose_verb(purpose));
}

enum err
keyset_parse_as(struct str json, enum keyset_purpose purpose, const struct alg *unnamed,
		struct keyset *set, struct why *why)
{
	enum err e;

	if (why != NULL)
		why->text[0] = '\0';
	keyset_begin(set, unnamed);
	e = keyset_add(set, json, purpose, why);
	if (e == ERR_OK)
		e = keyset_finish(set, purpose, why);
	if (e != ERR_OK)
		keyset_done(set);
	return e;
}

enum err
keyset_parse(struct str json, enum keyset_purpose purpose, struct keyset *set,
	     struct why *why)
{
	return keyset_parse_as(json, purpose, NULL, set, why);
}

static struct jwk *
find_by_kid(const struct keyset *set, struct str kid)
{
	size_t low = 0, high = set->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_kids(jwk_kid(&set->keys[middle]), kid);

		if (order == 0)
			return &set->keys[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

struct jwk *
keyset_find(const struct keyset *set, bool has_kid, struct str kid, int64_t now)
{
	struct jwk *only = set->total == 1 && set->n == 1 ? &set->keys[0] : NULL;
	struct jwk *key = has_kid ? find_by_kid(set, kid) : only;

	if (key == NULL && only != NULL && !only->kid_said)
		key = only;
	if (key == NULL || (key->exp != 0 && key->exp <= now))
		return NULL;
	return key;
}

/* True if `a` comes before `b` when both may be used. */
static bool
is_preferred(const struct jwk *a, const struct jwk *b)
{
	int order;

	if (b == NULL || a->nbf != b->nbf)
		return b == NULL || a->nbf > b->nbf;
	if (a->iat != b->iat)
		return a->iat > b->iat;
	order = memcmp(a->kid, b->kid, sizeof(a->kid));
	return order < 0;
}

static bool
may(const struct jwk *key, enum jwk_op op, int64_t now)
{
	return (key->ops & (unsigned)op) != 0 && now >= key->nbf &&
	       (key->exp == 0 || now < key->exp);
}

/* The keys of `alg`. NULL: all keys. */
static struct jwk *
current_of(const struct keyset *set, const struct alg *alg, enum jwk_op op, int64_t now)
{
	struct jwk *best = NULL;

	for (size_t i = 0; i < set->n; i++) {
		struct jwk *key = &set->keys[i];

		if ((alg == NULL || key->alg == alg) && may(key, op, now) &&
		    is_preferred(key, best))
			best = key;
	}
	return best;
}

struct jwk *
keyset_current(const struct keyset *set, enum jwk_op op, int64_t now)
{
	return current_of(set, NULL, op, now);
}

/*
 * The algorithm that signs if the settings name none. NULL, with the reason, if there
 * is none.
 */
static const struct alg *
unnamed_alg(const struct keyset *set, int64_t now, struct why *why)
{
	const struct alg *only = NULL;
	bool several = false;

	for (size_t i = 0; i < set->n; i++) {
		const struct jwk *key = &set->keys[i];

		if (!may(key, JWK_OP_SIGN, now))
			continue;
		if (str_is(str_of(key->alg->name), KEYSET_USUAL_ALG))
			return key->alg;
		several = several || (only != NULL && key->alg != only);
		only = key->alg;
	}
	if (only == NULL)
		why_set(why, ERR_NOT_FOUND, "no key may sign at this time");
	else if (several)
		why_set(why, ERR_NOT_FOUND,
			"keys of several algorithms may sign: signing_alg must name one");
	return several ? NULL : only;
}

struct jwk *
keyset_signing_key(const struct keyset *set, const struct alg *alg, int64_t now,
		   struct why *why)
{
	struct jwk *key;

	if (alg == NULL && (alg = unnamed_alg(set, now, why)) == NULL)
		return NULL;
	if ((key = current_of(set, alg, JWK_OP_SIGN, now)) == NULL)
		why_set(why, ERR_NOT_FOUND, "no %s key may sign at this time", alg->name);
	return key;
}

enum keyset_state
keyset_state(const struct keyset *set, const struct jwk *key, int64_t now)
{
	bool signs = key->alg->use == ALG_SIGN;

	if (key->exp != 0 && key->exp <= now)
		return KEY_OVER;
	if (now < key->nbf)
		return KEY_WAITING;
	return current_of(set, signs ? key->alg : NULL,
			  signs ? JWK_OP_SIGN : JWK_OP_ENCRYPT, now) == key
		       ? KEY_SIGNING
		       : KEY_VERIFYING;
}
