/*
 * What one verification costs inside a process, side by side: each operation
 * runs in short turns, the turns interleaved. Writes one JSON object: the
 * nanoseconds an operation of each turn.
 *
 *	inprocess [TURNS]
 */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <jwt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/base64url.h"
#include "base/clock.h"
#include "jose/jwk/jwk.h"
#include "jose/jwt/jwt.h"
#include "revocation/revocations_write.h"
#include "token/guard.h"
#include "json/json.h"

#define TURNS_MAX 101
#define TURN_NS 8000000
#define OPERATIONS_MAX 32

/* One token, whoever verifies it, and the same bytes cut up for bare OpenSSL. */
struct subject {
	const char *alg;
	jwt_alg_t libjwt_alg;
	struct jwk key;
	struct keyset set;
	struct buf token, header, payload;
	struct buf plain; /* the same with typ JWT: libjwt takes no other */
	struct str input;
	unsigned char signature[1024];
	size_t signature_n;
	struct buf pem;
	EVP_PKEY_CTX *verifier;
};

static struct subject subjects[] = {
	{ .alg = "HS256", .libjwt_alg = JWT_ALG_HS256 },
	{ .alg = "RS256", .libjwt_alg = JWT_ALG_RS256 },
	{ .alg = "ES256", .libjwt_alg = JWT_ALG_ES256 },
	{ .alg = "EdDSA", .libjwt_alg = JWT_ALG_NONE },
};

static int64_t now;
static const struct jwt_policy policy = {
	.issuer = { "https://bench.example", 21 },
	.audience = { "https://bench.example", 21 },
	.typ = { "at+jwt", 6 },
};

static void
must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "inprocess: %s failed\n", what);
	exit(2);
}

/* ---- the operations ---- */

static void
ours(struct subject *s)
{
	struct claims claims;
	enum jwt_refusal refusal;

	claims_init(&claims);
	must(jwt_verify(&s->set, &policy, buf_str(&s->token), now, &claims, &refusal) ==
		     VERDICT_ALLOW,
	     "jwt_verify");
	claims_done(&claims);
}

static void
libjwt(struct subject *s)
{
	jwt_t *jwt = NULL;
	bool hmac = s->key.type == KEY_OCT;
	struct str key = buf_str(hmac ? &s->key.secret : &s->pem);

	must(jwt_decode(&jwt, buf_z(&s->plain), (const unsigned char *)key.p,
			(int)key.n) == 0 &&
		     jwt_get_alg(jwt) == s->libjwt_alg,
	     "jwt_decode");
	must(strcmp(jwt_get_grant(jwt, "iss"), policy.issuer.p) == 0 &&
		     strcmp(jwt_get_grant(jwt, "aud"), policy.audience.p) == 0 &&
		     jwt_get_grant_int(jwt, "exp") > now,
	     "libjwt's claims");
	jwt_free(jwt);
}

static void
bare(struct subject *s)
{
	unsigned char mac[32], digest[32];
	unsigned n = sizeof(mac);

	if (s->key.type == KEY_OCT) {
		HMAC(EVP_sha256(), s->key.secret.p, (int)s->key.secret.n,
		     (const unsigned char *)s->input.p, s->input.n, mac, &n);
		return;
	}
	if (s->key.type == KEY_OKP) {
		EVP_MD_CTX *md = EVP_MD_CTX_new();

		must(EVP_DigestVerifyInit(md, NULL, NULL, NULL, s->key.pkey) == 1,
		     "init");
		must(EVP_DigestVerify(md, s->signature, s->signature_n,
				      (const unsigned char *)s->input.p, s->input.n) == 1,
		     "bare Ed25519");
		EVP_MD_CTX_free(md);
		return;
	}
	EVP_Digest(s->input.p, s->input.n, digest, NULL, EVP_sha256(), NULL);
	must(EVP_PKEY_verify(s->verifier, s->signature, s->signature_n, digest, 32) == 1,
	     "bare verify");
}

static void
parts(struct subject *s)
{
	unsigned char out[4096];
	struct str rest = buf_str(&s->token);
	size_t n;

	for (int i = 0; i < 3; i++)
		must(base64url_decode_to(out, sizeof(out), &n, str_cut(&rest, '.')),
		     "base64url");
}

static void
parse(struct subject *s)
{
	struct json_t *header, *claims;

	must(json_parse(buf_str(&s->header), &json_usual, &header, NULL) == ERR_OK,
	     "json");
	must(json_parse(buf_str(&s->payload), &json_usual, &claims, NULL) == ERR_OK,
	     "json");
	json_free(header);
	json_free(claims);
}

static struct guard guard;

static void
hit(struct subject *s)
{
	struct identity who;
	enum jwt_refusal refusal;

	identity_init(&who);
	must(guard_check(&guard, buf_str(&s->token), now, &who, &refusal) ==
		     VERDICT_ALLOW,
	     "guard_check");
	identity_done(&who);
}

/* What a hit asks the kernel: whether the revocation files are still the same. */
static void
look(struct subject *s)
{
	struct stat st;

	(void)s;
	must(stat(guard.revocation_file, &st) == 0, "stat");
	must(fstat(guard.revocations.later.file.fd, &st) == 0, "fstat");
}

/* ---- the tokens ---- */

static void
fill_claims(struct claims *c)
{
	claims_init(c);
	c->iss = policy.issuer;
	c->sub = STR("5f2c6a52-8f0e-4a55-9a0c-3f6b0f9f7f10");
	c->aud[0] = policy.audience;
	c->n_aud = 1;
	c->jti = STR("Zm9vYmFyYmF6cXV4MTIzNA");
	c->client_id = STR("doorward");
	c->sid = STR("0c1d2e3f-4a5b-4c6d-8e7f-901234567890");
	c->preferred_username = STR("demo");
	c->roles[0] = STR("member");
	c->roles[1] = STR("editor");
	c->n_roles = 2;
	c->iat = c->auth_time = now;
	c->exp = now + 3600;
	c->has_iat = c->has_exp = c->has_auth_time = true;
}

/* The signature as OpenSSL itself wants it: DER for ECDSA. */
static void
take_signature(struct subject *s, struct str raw)
{
	ECDSA_SIG *sig;
	unsigned char *der = s->signature;

	memcpy(s->signature, raw.p, raw.n);
	s->signature_n = raw.n;
	if (s->key.type != KEY_EC)
		return;
	sig = ECDSA_SIG_new();
	ECDSA_SIG_set0(sig, BN_bin2bn((const unsigned char *)raw.p, 32, NULL),
		       BN_bin2bn((const unsigned char *)raw.p + 32, 32, NULL));
	s->signature_n = (size_t)i2d_ECDSA_SIG(sig, &der);
	ECDSA_SIG_free(sig);
}

static void
make_pem(struct subject *s)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *p;
	long n;

	must(PEM_write_bio_PUBKEY(bio, s->key.pkey) == 1, "PEM");
	n = BIO_get_mem_data(bio, &p);
	buf_add(&s->pem, (struct str){ p, (size_t)n });
	BIO_free(bio);
}

static void
cut_token(struct subject *s)
{
	struct str rest = buf_str(&s->token), signature;
	unsigned char raw[1024];
	size_t n;

	must(base64url_decode(&s->header, str_cut(&rest, '.')), "header");
	must(base64url_decode(&s->payload, str_cut(&rest, '.')), "payload");
	signature = rest;
	s->input = str_sub(buf_str(&s->token), 0, s->token.n - signature.n - 1);
	must(base64url_decode_to(raw, sizeof(raw), &n, signature), "signature");
	take_signature(s, (struct str){ (char *)raw, n });
}

static void
prepare(struct subject *s)
{
	struct claims claims;
	struct why why;
	struct buf json;
	bool secret = strcmp(s->alg, "HS256") == 0;

	buf_init(&s->token, 8192);
	buf_init(&s->plain, 8192);
	buf_init(&s->header, 8192);
	buf_init(&s->payload, 8192);
	buf_init(&s->pem, 8192);
	buf_init(&json, 16384);
	must(jwk_make(alg_find(str_of(s->alg)), 2048, CURVE_NONE, now, &s->key, &why) ==
		     ERR_OK,
	     "jwk_make");
	must(jwk_write(&s->key, secret ? JWK_WHOLE : JWK_PUBLIC, &json) == ERR_OK,
	     "jwk_write");
	must(keyset_parse(buf_str(&json), KEYSET_VERIFY, &s->set, &why) == ERR_OK,
	     why.text);
	fill_claims(&claims);
	must(jwt_issue(&s->key, "at+jwt", &claims, &s->token) == ERR_OK &&
		     jwt_issue(&s->key, "JWT", &claims, &s->plain) == ERR_OK,
	     "jwt_issue");
	cut_token(s);
	if (!secret) {
		make_pem(s);
		s->verifier = EVP_PKEY_CTX_new(s->key.pkey, NULL);
		if (s->key.type != KEY_OKP) {
			must(EVP_PKEY_verify_init(s->verifier) == 1, "verify_init");
			EVP_PKEY_CTX_set_signature_md(s->verifier, EVP_sha256());
		}
	}
	buf_done(&json);
}

static void
write_file(const char *path, struct str bytes)
{
	FILE *f = fopen(path, "w");

	must(f != NULL && fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fclose(f) == 0,
	     path);
}

static char directory[] = "/tmp/inprocess-XXXXXX";
static char keys[64], revoked[64], later[72];

static void
remove_files(void)
{
	unlink(keys);
	unlink(revoked);
	unlink(later);
	rmdir(directory);
}

/* A guard as protected has it: a key file, and a revocation file that is not new. */
static void
open_guard(const struct subject *s)
{
	struct timespec old[2] = { { 1, 1 }, { 1, 1 } };
	struct why why;
	struct buf json;

	umask(077);
	must(mkdtemp(directory) != NULL, "mkdtemp");
	atexit(remove_files);
	snprintf(keys, sizeof(keys), "%s/key", directory);
	snprintf(revoked, sizeof(revoked), "%s/revoked", directory);
	snprintf(later, sizeof(later), "%s.later", revoked);
	buf_init(&json, 16384);
	must(jwk_write(&s->key, JWK_WHOLE, &json) == ERR_OK, "jwk_write");
	write_file(keys, buf_str(&json));
	must(revocations_write_empty(revoked, &why) == ERR_OK, why.text);
	utimensat(0, revoked, old, 0);
	buf_done(&json);
	guard = (struct guard){
		.issuers = { { .policy = policy, .keys = keys } },
		.n = 1,
		.revocation_file = revoked,
		.cache_entries = 256,
	};
	must(guard_open(&guard, &why) == ERR_OK, why.text);
}

/* ---- the clock ---- */

struct operation {
	char name[40];
	void (*run)(struct subject *s);
	struct subject *subject;
	long iterations;
	double turns[TURNS_MAX];
};

static struct operation operations[OPERATIONS_MAX];
static size_t n_operations;

static double
clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double
turn(struct operation *o)
{
	double start = clock_ns();

	for (long i = 0; i < o->iterations; i++)
		o->run(o->subject);
	return (clock_ns() - start) / (double)o->iterations;
}

static void
add(const char *name, void (*run)(struct subject *), struct subject *s)
{
	struct operation *o = &operations[n_operations++];

	snprintf(o->name, sizeof(o->name), "%s %s", s->alg, name);
	o->run = run;
	o->subject = s;
	o->iterations = 10;
	turn(o);
	o->iterations = 1 + (long)(TURN_NS / turn(o));
}

static void
measure(int turns)
{
	for (int i = 0; i < turns; i++)
		for (size_t k = 0; k < n_operations; k++)
			operations[k].turns[i] = turn(&operations[k]);
	printf("{");
	for (size_t k = 0; k < n_operations; k++) {
		const struct operation *o = &operations[k];

		printf("%s\n\"%s\": [%.1f", k == 0 ? "" : ",", o->name, o->turns[0]);
		for (int i = 1; i < turns; i++)
			printf(", %.1f", o->turns[i]);
		printf("]");
	}
	printf("\n}\n");
}

int
main(int argc, char **argv)
{
	long turns = argc > 1 ? strtol(argv[1], NULL, 10) : 25;

	must(turns > 0 && turns <= TURNS_MAX, "TURNS");
	must(clock_now(&now) == ERR_OK, "clock");
	for (size_t i = 0; i < sizeof(subjects) / sizeof(*subjects); i++) {
		struct subject *s = &subjects[i];

		prepare(s);
		add("complete", ours, s);
		add("bare OpenSSL", bare, s);
		if (s->libjwt_alg != JWT_ALG_NONE)
			add("libjwt", libjwt, s);
	}
	add("base64url of three parts", parts, &subjects[0]);
	add("JSON of header and claims", parse, &subjects[0]);
	open_guard(&subjects[0]);
	add("cache hit", hit, &subjects[0]);
	add("look at the file alone", look, &subjects[0]);
	measure((int)turns);
	guard_close(&guard);
	return 0;
}
