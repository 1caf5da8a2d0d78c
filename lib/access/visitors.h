/*
 * Who may ask for an address: what a program's rows name (serve/route.h).
 */
#ifndef VISITORS_H
#define VISITORS_H

#include "serve/route.h"

/* Everybody. */
route_check visitor_anyone;

/* Who has a good access token (access_require). */
route_check visitor_signed_in;

/*
 * A form of a page of public_url, none of cors_origins; where nothing says what page it
 * was, the row's token decides (access_form_decides).
 */
route_check visitor_own_page;

#endif
