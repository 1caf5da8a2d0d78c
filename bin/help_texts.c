#include "bin/help_texts.h"

#define BYTE_FOR_BYTE                                                                    \
	"Standard input is read byte for byte. A line end after a token is ignored;\n"   \
	"everything after a payload belongs to it. The result is written byte for\n"     \
	"byte, too. A line end is added only if standard output is a terminal and\n"     \
	"--raw is not given.\n"

#define STATUS                                                                           \
	"Exit: 0 valid, 1 invalid (the reason is on stderr), 2 it could not be done\n"   \
	"(wrong usage, no good key file), 3 unsupported algorithm.\n"

const char jws_details[] =
	"FILE is a JWK, a JWKS or a directory of them. The key decides the\n"
	"algorithm. The token's kid decides the key; without kid the set must hold\n"
	"exactly one key. Only the signature is verified. `doorward token verify`\n"
	"also checks the claims. The payload may be any bytes, also none. If the\n"
	"key comes from signing_keys, a row of the audit is written first, as for\n"
	"`doorward token issue`.\n\n"
	"  --keys FILE   the keys; if there are several, the one that signs now\n"
	"  --kid KID     sign with this key\n"
	"  --typ TYPE    put typ into the header\n"
	"  --raw         never add a line end\n\n" BYTE_FOR_BYTE STATUS;

const char jwe_details[] =
	"FILE is a JWK, a JWKS or a directory of them. The key decides the\n"
	"algorithm. A curve key without alg works with ECDH-ES, ECDH-ES+A128KW and\n"
	"ECDH-ES+A256KW. RSA-OAEP (with SHA-1) can only be decrypted. RSA1_5, PBES2\n"
	"and zip are deliberately not supported.\n\n"
	"  --keys FILE   the keys\n"
	"  --kid KID     encrypt to this key\n"
	"  --alg ALG     the algorithm, if the key leaves a choice\n"
	"  --enc ENC     A128GCM A192GCM A256GCM A128CBC-HS256 A192CBC-HS384\n"
	"                A256CBC-HS512; default A256GCM, or for dir what fits the key\n"
	"  --cty TYPE    put cty into the header: JWT if the payload is a token\n"
	"  --raw         never add a line end\n\n" BYTE_FOR_BYTE STATUS;

const char token_details[] =
	"issue signs a token with the key of signing_keys, with the issuer and the\n"
	"audience of the settings. It is encrypted if token_encryption is on. The\n"
	"command does not check whether there is such a user. If the settings name\n"
	"a database, a row of its audit says who issued what to whom. If that row\n"
	"cannot be written, no token is issued.\n\n"
	"  --sub ID        the user's id, which never changes (doorward user list)\n"
	"  --name NAME     preferred_username\n"
	"  --role ROLE     may be repeated\n"
	"  --life DURATION 90s, 10m, 2h, 30d; default token_life of the settings\n"
	"  --sid SID       a UUID by which the token can be revoked; default a new one\n"
	"  --claim N=JSON  one more claim, may be repeated: t='\"text\"', n=1\n\n"
	"It is a program's token (client_id doorward-program). It counts as signed\n"
	"in and has its roles, but it is no login. `doorward revocations add` with\n"
	"its sid revokes it, and so does a logout with it.\n\n"
	"inspect shows header and claims WITHOUT verifying anything. Do not trust\n"
	"them. verify accepts what the programs accept of our own tokens, and\n"
	"prints the claims. It does not check whether the session was "
	"revoked.\n\n" BYTE_FOR_BYTE STATUS;

const char key_details[] =
	"new makes a key in the settings' signing_keys (with --use enc: in\n"
	"decryption_keys), or in --out, which is a directory or a new file. The\n"
	"algorithm is ES256 (ECDH-ES for enc) unless --alg names another. It prints\n"
	"the kid, which is the RFC 7638 thumbprint unless --kid is given. If\n"
	"another key signs already, the new one waits ten minutes, so that all\n"
	"verifiers have it in time. Keys of the settings are published at once.\n\n"
	"Each algorithm has one key that signs. signing_alg names the algorithm\n"
	"that signs the tokens of logins. If the present keys are not ES256, set\n"
	"signing_alg before you add the first key of another algorithm.\n\n"
	"rotate makes the next key of each algorithm (with --alg only of that one)\n"
	"and publishes it. The new key signs after --ahead (10m). The old key goes\n"
	"on verifying until its last token has expired. While a rotation is not\n"
	"complete, further calls only complete it, so the command may be in a\n"
	"crontab. With --every 90d it starts a rotation only after the key has\n"
	"signed for that long. With --now it makes a key that signs at once, also\n"
	"during a rotation: use this if a key was stolen. The first call after the\n"
	"new key has begun to sign removes the private half of the old one. Keys\n"
	"that have been over for a day are deleted.\n\n"
	"retire takes a key out of use. Without --now this must not be the key that\n"
	"signs logins: it stops signing, and is over when its last token has\n"
	"expired. With --now any key is over at once. The tokens that it signed are\n"
	"refused as soon as the verifiers have read the new set.\n\n"
	"publish writes the public set to verifying_keys (or to --out FILE, or with\n"
	"--out - to standard output). If decryption_keys and encryption_keys\n"
	"differ, it publishes these as well.\n\n"
	"import reads a JWK, or with --pem a PEM key, from standard input. export\n"
	"writes a key, complete or with --public its public part only.\n\n"
	"fetch renews the key file of each issuer that has a keys_url, with curl(1)\n"
	"over HTTPS. Run it from cron. If the new set is not good, the last good\n"
	"one stays.\n\n"
	"  --bits N        size of an RSA key: 2048 to 8192 (3072)\n"
	"  --crv CURVE     curve of an ECDH-ES key: P-256 (default) P-384 P-521 X25519\n"
	"  --group NAME    let that group read the key file (0640 instead of 0600)\n"
	"  --keys PATH     other keys than those of the settings\n"
	"  --json          for scripts\n\n"
	"If the settings name a database, its audit gets a row for every change. A\n"
	"private key is exported only after its row was written. Other work with\n"
	"keys goes on without the database: it is done, and the exit status is 4 if\n"
	"its row is missing.\n\n"
	"Exit: 0 done, 1 no such key, 2 it could not be done, 3 unsupported\n"
	"algorithm, 4 done, but the audit has no row of it.\n";
