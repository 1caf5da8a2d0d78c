#include "bin/pages/shares.h"

#define SHARED 3 /* the folders that belong to no program */

const struct embedded_folder shares_all[] = {
	{ "common", embedded_share_common },       { "mail", embedded_share_mail },
	{ "phrases", embedded_share_phrases },     { "account", embedded_share_account },
	{ "admin", embedded_share_admin },         { "gate", embedded_share_gate },
	{ "login", embedded_share_login },         { "oauth", embedded_share_oauth },
	{ "protected", embedded_share_protected }, { NULL },
};

const struct embedded_folder *const shares_of_programs = shares_all + SHARED;
