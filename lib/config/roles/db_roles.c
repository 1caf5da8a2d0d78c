#include "config/roles/db_roles.h"

#include "config/config.h"

#define SETTING(m) #m, .offset = offsetof(struct config, m)

const struct db_role_row db_roles[DB_ROLES] = {
	[DB_ROLE_LOGIN] = { "login", "login-role", SETTING(database_login),
			    .function = "login_begin" },
	[DB_ROLE_ACCOUNT] = { "account", "account-role", SETTING(database_account),
			      .function = "account_find" },
	[DB_ROLE_ADMIN] = { "admin", "admin-role", SETTING(database_admin),
			    .function = "status", .other = "the doorward command",
			    .command = true },
	[DB_ROLE_MAIL] = { "mail", "mail-role", SETTING(database_mail),
			   .function = "mail_take", .other = "doorward mail send" },
	[DB_ROLE_WEBADMIN] = { "webadmin", "webadmin-role", SETTING(database_webadmin),
			       .function = "admin_find", .other = "admin.fcgi",
			       .unit = "admin" },
	[DB_ROLE_OAUTH] = { "oauth", "oauth-role", SETTING(database_oauth),
			    .function = "oauth_client_look" },
};

const char *
db_role_conninfo(const struct config *c, enum db_role role)
{
	const char *value = NULL;

	if (db_roles[role].name != NULL)
		value = *(const char *const *)((const char *)c + db_roles[role].offset);
	return value;
}
