#include <openssl/bn.h>

#include "jose/jwk/jwk_parts.h"

/*
 * RFC 8032, 5.1.3, only to find out whether there is such a point: x² = (y² - 1) / (d
 * y² + 1) must have a root modulo p = 2^255 - 19. OpenSSL would find this out only
 * when it verifies. It would also accept a point of small order, under which everybody
 * can forge signatures. 0 and the two values below are the y of order 4 and 8; 1 and
 * -1 are those of order 1 and 2.
 */
static const char P[] =
	"7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed";
static const char D[] =
	"52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3";
static const char Y8[] =
	"05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826";

static bool
is_small_order(const BIGNUM *y, const BIGNUM *p, BIGNUM *y8, BIGNUM *t)
{
	if (BN_is_zero(y) || BN_is_one(y))
		return true;
	if (!BN_hex2bn(&y8, Y8) || BN_cmp(y, y8) == 0)
		return true;
	if (!BN_sub(t, p, y) || BN_is_one(t)) /* t = -y */
		return true;
	return BN_cmp(t, y8) == 0;
}

/* True if (y² - 1)(d y² + 1), which is x² times a square, has a root. */
static bool
has_root(const BIGNUM *y, const BIGNUM *p, BN_CTX *ctx)
{
	BIGNUM *u = BN_CTX_get(ctx), *v = BN_CTX_get(ctx), *d = BN_CTX_get(ctx);

	if (d == NULL || !BN_hex2bn(&d, D) || !BN_mod_sqr(u, y, p, ctx) ||
	    !BN_mod_mul(v, d, u, p, ctx) || !BN_add_word(v, 1) || !BN_sub_word(u, 1) ||
	    !BN_mod_mul(u, u, v, p, ctx))
		return false;
	return BN_kronecker(u, p, ctx) == 1;
}

bool
jwk_is_ed25519_point(const unsigned char octets[32])
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *y, *p, *s, *t;
	bool good = false;

	if (ctx == NULL)
		return false;
	BN_CTX_start(ctx);
	y = BN_CTX_get(ctx);
	p = BN_CTX_get(ctx);
	s = BN_CTX_get(ctx);
	t = BN_CTX_get(ctx);
	if (t != NULL && BN_hex2bn(&p, P) && BN_lebin2bn(octets, 32, y) != NULL) {
		BN_mask_bits(y, 255); /* the last bit is the sign of x */
		good = BN_cmp(y, p) < 0 && !is_small_order(y, p, s, t) &&
		       has_root(y, p, ctx);
	}
	BN_CTX_end(ctx);
	BN_CTX_free(ctx);
	return good;
}
