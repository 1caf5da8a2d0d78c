/*
 * Errors as pages, for people.
 */
#ifndef PAGE_REFUSE_H
#define PAGE_REFUSE_H

#include "http/request.h"
#include "http/response.h"
#include "serve/app.h"

/* The `error` of a program that has power_pages (serve.h). */
void page_refuse(struct app *app, const struct request *req, struct response *resp,
		 int status, const char *code, const char *description);

#endif
