/* The pages about many people at once: files, and several people of a list. */
#ifndef MEMBERS_H
#define MEMBERS_H

#include "admin/admin_pages.h"

/* GET /admin/people.csv: the people of the list, as the import reads them. */
void members_file(struct app *app, const struct request *req, struct response *res,
		  const struct visit *visit);

/* GET and POST /admin/people/import: a file of new people, and what becomes of each. */
void members_import_show(struct app *app, const struct request *req, struct response *res,
			 const struct visit *visit);
void members_import_post(struct app *app, const struct request *req, struct response *res,
			 const struct visit *visit);

/*
 * The same POST with a file (multipart/form-data). The row has no token: this handler
 * checks it when it has read the form.
 */
void members_upload_post(struct app *app, const struct request *req, struct response *res,
			 const struct visit *visit);

/*
 * POST /admin/people/many: what would be done to each of the people whose boxes are
 * ticked, and after another POST, what was done.
 */
void members_many_post(struct app *app, const struct request *req, struct response *res,
		       const struct visit *visit);

/* As the list of people has them: a box named MEMBERS_BOX and the person's id. */
#define MEMBERS_BOX "user-"

#endif
