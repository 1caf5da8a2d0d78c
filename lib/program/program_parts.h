/* Shared by the files of this room. Nobody else includes this. */
#ifndef PROGRAM_PARTS_H
#define PROGRAM_PARTS_H

#include "page/token_form_list.h"
#include "program/program.h"
#include "store/program/programs.h"
#include "token/program_token.h"

/* Who asks: `visit->found` of the handler. */
struct program_visitor {
	char user[UUID_SIZE], sid[UUID_SIZE];
	struct programs_owner owner;
};

/* The token that is asked for. All but `prefix` and `sid` borrows from the form. */
struct program_wish {
	struct str label;
	struct str role[CLAIMS_ROLES];
	size_t n_roles;
	struct buf prefix; /* in its one form; empty: the whole site */
	int64_t life;      /* seconds */
	char sid[PROGRAM_SID_SIZE];
};

/*
 * Read the form. The problem's phrase is NULL if a token can be made of it. `wish` must be
 * zero; call program_wish_done in any case.
 */
struct token_problem program_wish_read(struct program_wish *wish, const struct app *app,
				       const struct form *form,
				       const struct programs_owner *owner);
void program_wish_done(struct program_wish *wish);

/* The form again, with what is wrong with it. */
void program_page(struct app *app, const struct request *req, struct response *res,
		  const struct program_visitor *who, const struct form *typed,
		  const struct token_problem *problem);

/* The page that shows the token, once. */
void program_made_page(struct app *app, const struct request *req, struct response *res,
		       const struct program_wish *wish, struct str token);

/* 503, with the reason in the log. */
void program_unavailable(struct app *app, const struct request *req, struct response *res,
			 enum err e, const struct why *why);

#endif
