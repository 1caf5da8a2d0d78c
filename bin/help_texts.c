#include "bin/help_texts.h"

#define BYTE_FOR_BYTE                                                                    \
	"Standard input is taken byte for byte: one line end after a token does not\n"   \
	"count, but all after a payload belongs to the payload.\n"                       \
	"The result is written byte for byte too; only when standard output is a\n"      \
	"terminal, and without --raw, a line end follows it.\n"

#define STATUS                                                                           \
	"Exit: 0 valid, 1 invalid (the reason is on stderr), 2 it could not be done\n"   \
	"(wrong usage, no good key file), 3 an algorithm that is not offered.\n"

const char jws_details[] =
	"FILE is a JWK, a JWKS or a directory of them. The key decides the algorithm,\n"
	"the token's kid decides the key; without kid the set must hold one key.\n"
	"Only the signature is verified: `doorward token verify` also judges claims.\n"
	"The payload may be anything, also empty. What a key of signing_keys signs is\n"
	"written into the audit first, as with `doorward token issue`.\n\n"
	"  --keys FILE   the keys; of several, the one that signs now is used\n"
	"  --kid KID     sign with this one\n"
	"  --typ TYPE    put typ into the header\n"
	"  --raw         never add a line end\n\n" BYTE_FOR_BYTE STATUS;

const char jwe_details[] =
	"FILE is a JWK, a JWKS or a directory of them. The key decides the algorithm;\n"
	"a curve's key without alg is for ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A256KW.\n"
	"RSA-OAEP (with SHA-1) is decrypted only. RSA1_5, PBES2 and zip are left out\n"
	"by design.\n\n"
	"  --keys FILE   the keys\n"
	"  --kid KID     encrypt to this one\n"
	"  --alg ALG     where the key leaves a choice\n"
	"  --enc ENC     A128GCM A192GCM A256GCM A128CBC-HS256 A192CBC-HS384\n"
	"                A256CBC-HS512; A256GCM, or for dir what fits the key\n"
	"  --cty TYPE    put cty into the header: JWT for a token inside\n"
	"  --raw         never add a line end\n\n" BYTE_FOR_BYTE STATUS;

const char token_details[] =
	"issue signs with the key of signing_keys, for issuer and audience of the\n"
	"settings, encrypted where token_encryption is on. Whether there is such a user\n"
	"is for you to know. Where the settings name a database, a row of its audit "
	"says\n"
	"who issued what to whom; where that cannot be written, there is no token.\n\n"
	"  --sub ID        the user's stable id (doorward user list)\n"
	"  --name NAME     preferred_username\n"
	"  --role ROLE     may be repeated\n"
	"  --life DURATION 90s, 10m, 2h, 30d; token_life of the settings otherwise\n"
	"  --sid SID       by which it can be ended: a UUID; a new one unless you give "
	"it\n"
	"  --claim N=JSON  one more claim, may be repeated: t='\"text\"', n=1\n\n"
	"It is a program's token (client_id doorward-program): it counts as signed in\n"
	"and has its roles, but is no login. `doorward revocations add` with its sid "
	"ends\n"
	"it, and so does a logout with it.\n\n"
	"inspect shows header and claims WITHOUT verifying anything: believe nothing of\n"
	"it. verify accepts what the programs accept for tokens of our own, and prints\n"
	"the claims; a revoked session is not looked up.\n\n" BYTE_FOR_BYTE STATUS;

const char key_details[] =
	"new makes a key in signing_keys (with --use enc: in decryption_keys) of the\n"
	"settings, or in --out, a directory or a new file; ES256 (ECDH-ES) unless --alg\n"
	"says otherwise. It prints the kid, the RFC 7638 thumbprint unless --kid.\n"
	"Where another key signs already, the new one waits ten minutes, so that those\n"
	"who verify have it first. Keys of the settings are published at once.\n\n"
	"Each algorithm has one key that signs; signing_alg names the algorithm that\n"
	"signs the tokens of logins. Beside keys that are not of ES256, the first of\n"
	"another algorithm is added only when that is set.\n\n"
	"rotate makes the next key of each algorithm (--alg: of that one), publishes "
	"it,\n"
	"lets it sign after --ahead (10m), and keeps the old one verifying until its\n"
	"last token has run out. Once a rotation is under way, further calls only\n"
	"complete it, so it may stand in a crontab; --every 90d starts one only when "
	"the\n"
	"key has signed for that long. --now makes a key that signs at once, whatever "
	"is\n"
	"under way: for when one got out. A call after the new key has begun to sign\n"
	"takes the old one's private half away. Keys that have been over for a day are\n"
	"deleted.\n\n"
	"retire takes a key that does not sign logins out of use: it signs no more, and\n"
	"is over when its last token has run out; --now at once, whatever it does: "
	"tokens\n"
	"that it signed are refused as soon as those who verify have read the new "
	"set.\n\n"
	"publish writes the public set to verifying_keys (--out: elsewhere, - stdout)\n"
	"and, where decryption_keys and encryption_keys differ, theirs likewise.\n\n"
	"import reads a JWK, or with --pem a PEM key, from standard input; export "
	"writes\n"
	"one: whole, or with --public the public part only.\n\n"
	"fetch renews the keys file of each issuer (issuer.NAME.keys_url) with curl(1)\n"
	"over HTTPS, for cron. A set that is not good leaves the last good one in "
	"place.\n\n"
	"  --bits N        of an RSA key: 2048 to 8192, 3072 unless said\n"
	"  --crv CURVE     of an ECDH-ES key: P-256 (unless said) P-384 P-521 X25519\n"
	"  --group NAME    let that group read the key file (0640 instead of 0600)\n"
	"  --keys PATH     other keys than those of the settings\n"
	"  --json          for scripts\n\n"
	"Where the settings name a database, its audit has a row of every change, and\n"
	"none is made of a private key's export unless it is in there first. Keys work\n"
	"without a database: what else is done without its row is done, and exits 4.\n\n"
	"Exit: 0 done, 1 no such key, 2 it could not be done, 3 an algorithm that is "
	"not\n"
	"offered, 4 done, but the audit does not show it.\n";
