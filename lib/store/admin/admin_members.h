/* Many people at once by an admin (sql/functions/admin_members.sql). */
#ifndef ADMIN_MEMBERS_H
#define ADMIN_MEMBERS_H

#include "store/admin/admin_people.h"

/*
 * Add each of `people`, a JSON array (see admin_import). `by_mail`: this site sends mail;
 * each gets a link to choose a password. `dry`: nothing is stored. Columns: number from 1
 * on, outcome (a word: see admin_import). `address` is the admin's.
 */
enum err admin_import(struct db *db, struct str sid, struct str people, bool by_mail,
		      bool dry, struct str address, struct db_rows **rows,
		      enum admin_refusal *refusal, struct why *why);

/* As admin_people. Columns: name, address, display name, roles, disabled, id, next. */
enum err admin_people_file(struct db *db, struct str sid,
			   const struct admin_people_asked *asked, struct db_rows **rows,
			   enum admin_refusal *refusal, struct why *why);

#endif
