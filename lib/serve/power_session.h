/*
 * The power to use the session secret: to seal refresh tokens, form tokens and device
 * secrets. Empty if the program does not name power_session, or if the file may not be
 * used any more.
 */
#ifndef POWER_SESSION_H
#define POWER_SESSION_H

#include "base/str.h"
#include "serve/app.h"

struct str app_secret(const struct app *app);

#endif
