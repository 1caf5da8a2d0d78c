/* Keys for sets, as members of a JWK. */
#ifndef KEYSET_FIXTURE_H
#define KEYSET_FIXTURE_H

#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "jose/keyset/keyset.h"
#include "vectors.h"

#define EC_PUBLIC                                                                        \
	"\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" RFC7515_A3_X                         \
	"\",\"y\":\"" RFC7515_A3_Y "\""
#define EC_PRIVATE EC_PUBLIC ",\"d\":\"" RFC7515_A3_D "\""
#define EC2_PUBLIC                                                                       \
	"\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" RFC7517_X "\",\"y\":\"" RFC7517_Y "\""
#define EC2_PRIVATE EC2_PUBLIC ",\"d\":\"" RFC7517_D "\""
#define OKP_PUBLIC "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" RFC8037_X "\""
#define OKP_PRIVATE OKP_PUBLIC ",\"d\":\"" RFC8037_D "\""
#define RSA_PUBLIC                                                                       \
	"\"kty\":\"RSA\",\"alg\":\"RS256\",\"e\":\"AQAB\",\"n\":\"" RFC7515_A2_N "\""
#define OCT "\"kty\":\"oct\",\"alg\":\"HS256\",\"k\":\"" RFC7515_A1_K "\""

#define SET(keys) "{\"keys\":[" keys "]}"

#endif
