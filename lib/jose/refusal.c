#include "jose/refusal.h"

const char *
refusal_text(enum jwt_refusal refusal)
{
	switch (refusal) {
	case JWT_REFUSED:
		return "refused";
	case JWT_ACCEPTED:
		return "accepted";
	case JWT_FAILED:
		return "could not be checked";
	case JWT_TOO_LONG:
		return "too long";
	case JWT_MALFORMED:
		return "malformed";
	case JWT_HEADER:
		return "header refused";
	case JWT_UNSUPPORTED:
		return "algorithm not supported";
	case JWT_NO_KEY:
		return "no key for it";
	case JWT_ALGORITHM:
		return "not the algorithm of its key";
	case JWT_SIGNATURE:
		return "wrong signature";
	case JWT_DECRYPTION:
		return "cannot be decrypted";
	case JWT_TYPE:
		return "wrong type";
	case JWT_CLAIMS:
		return "claims missing or malformed";
	case JWT_ISSUER:
		return "wrong issuer";
	case JWT_AUDIENCE:
		return "wrong audience";
	case JWT_EXPIRED:
		return "expired";
	case JWT_NOT_YET:
		return "not valid yet";
	case JWT_REVOKED:
		return "its session has ended";
	}
	return "refused";
}
