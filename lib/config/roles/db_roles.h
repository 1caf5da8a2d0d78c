/*
 * The programs that have their own role in the database: one row for each row of the
 * table doorward.program (sql/). A program that asks the database names its row.
 */
#ifndef DB_ROLES_H
#define DB_ROLES_H

#include <stdbool.h>
#include <stddef.h>

struct config;

enum db_role {
	DB_ROLE_NONE = 0,
	DB_ROLE_LOGIN,
	DB_ROLE_ACCOUNT,
	DB_ROLE_ADMIN,
	DB_ROLE_MAIL,
	DB_ROLE_WEBADMIN,
	DB_ROLE_OAUTH,
	DB_ROLES
};

struct db_role_row {
	const char *name;     /* name in doorward.program; NULL for DB_ROLE_NONE */
	const char *option;   /* option of `doorward db migrate` that names the role */
	const char *setting;  /* the setting that says how it connects */
	const char *function; /* a function that it calls; its rights are checked by it */
	const char *other;    /* the program's name, if it is not NAME.fcgi */
	const char *unit;     /* X of its systemd unit doorward@X, if it is not `name` */
	size_t offset;        /* offset of the setting in struct config */
	bool command; /* the operator's; another user than the programs' runs it */
};

extern const struct db_role_row db_roles[DB_ROLES];

/* The setting's value. NULL if it is not set, and for DB_ROLE_NONE. */
const char *db_role_conninfo(const struct config *c, enum db_role role);

#endif
