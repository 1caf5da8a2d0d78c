/*
 * A request made of variables, for tests:
 *
 *   struct request r = request_of((char *[]){ "REQUEST_METHOD=GET", NULL });
 */
#ifndef REQUEST_OF_H
#define REQUEST_OF_H

#include "http/request.h"

static inline struct request
request_of(char **variables)
{
	struct request r;

	assert_int_equal(request_init(&r, variables), ERR_OK);
	return r;
}

#endif
