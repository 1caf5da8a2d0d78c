/*
 * Who has a role of its own in the database: a row for each row of the table
 * doorward.program (sql/). A program that asks the database names its row.
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
	DB_ROLES
};

struct db_role_row {
	const char *name;     /* in doorward.program; NULL of DB_ROLE_NONE */
	const char *option;   /* of `doorward db migrate`, gives it a role */
	const char *setting;  /* how it connects */
	const char *function; /* one that it calls, by which its rights are judged */
	const char *other;    /* who that is, where it is not NAME.fcgi */
	size_t offset;        /* of the setting in struct config */
	bool command;         /* the operator's, run by another user than the programs */
};

extern const struct db_role_row db_roles[DB_ROLES];

/* The setting's value; NULL when it is not set, and of DB_ROLE_NONE. */
const char *db_role_conninfo(const struct config *c, enum db_role role);

#endif
