/* What an operator should know about the passkeys of the site. */
#include "bin/config/config_files.h"
#include "config/config_passkey.h"

void
config_check_passkeys(const struct config *c, struct buf *notes)
{
	const char *obstacle = config_passkey_obstacle(c);

	if (obstacle != NULL)
		buf_addf(notes, "passkeys are not offered: %s\n", obstacle);
}
