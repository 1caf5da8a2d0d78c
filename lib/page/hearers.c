#include "page/hearers.h"

struct session_hearers
hearers_of(const struct config *config, struct db *db)
{
	return (struct session_hearers){ .db = db,
					 .revocation_file = config->revocation_file,
					 .revocation_off = !config->revocation };
}
