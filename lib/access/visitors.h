/*
 * Checks of who may ask for an address, which a program's routes name (serve/route.h).
 */
#ifndef VISITORS_H
#define VISITORS_H

#include "serve/route.h"

/* Everybody. */
route_check visitor_anyone;

/* The visitor has a good access token (access_require). */
route_check visitor_signed_in;

/*
 * A form from a page of public_url, and not of cors_origins. If nothing says which
 * page it was, the token of the form decides (access_form_decides).
 */
route_check visitor_own_page;

#endif
