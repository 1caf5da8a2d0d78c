#include "access/asking.h"

#include "access/urls.h"
#include "base/base64url.h"
#include "base/text.h"
#include "config/config.h"
#include "crypto/random.h"
#include "crypto/secret.h"

#define BEFORE_ID URL_OAUTH_AUTHORIZE "?id="

struct cookie
asking_cookie(const struct config *config)
{
	return (struct cookie){ .name = "doorward-oauth",
				.path = "/",
				.plain_http = config->plain_http };
}

enum err
asking_new(struct buf *value)
{
	unsigned char bytes[ASKING_SIZE];
	enum err e = random_bytes(bytes, sizeof(bytes));

	if (e == ERR_OK &&
	    !base64url_encode(value, (struct str){ (char *)bytes, sizeof(bytes) }))
		e = ERR_MEMORY;
	secret_wipe(bytes, sizeof(bytes));
	return e;
}

enum err
asking_hash(struct str value, unsigned char browser[ASKING_BROWSER_SIZE], bool *found)
{
	unsigned char bytes[ASKING_SIZE];
	size_t n = 0;
	enum err e;

	*found = false;
	if (!base64url_decode_to(bytes, sizeof(bytes), &n, value) || n != ASKING_SIZE)
		return ERR_OK;
	secret_wipe(bytes, sizeof(bytes));
	if ((e = sha256(value, browser)) == ERR_OK)
		*found = true;
	return e;
}

enum err
asking_browser(const struct app *app, const struct request *req,
	       unsigned char browser[ASKING_BROWSER_SIZE], bool *found)
{
	struct cookie c = asking_cookie(app->config);

	return asking_hash(cookie_get(req, &c), browser, found);
}

bool
asking_id(struct str return_to, struct str *id)
{
	*id = (struct str){ NULL, 0 };
	if (!str_starts_with(return_to, STR(BEFORE_ID)) ||
	    !text_is_uuid(str_sub(return_to, sizeof(BEFORE_ID) - 1, return_to.n)))
		return false;
	*id = str_sub(return_to, sizeof(BEFORE_ID) - 1, return_to.n);
	return true;
}

bool
asking_address(struct buf *out, struct str id)
{
	buf_addz(out, BEFORE_ID);
	return buf_add(out, id);
}
