/* The power to issue access tokens. NULL if the program does not name power_sign. */
#ifndef POWER_SIGN_H
#define POWER_SIGN_H

#include "serve/app.h"

struct signer; /* token/token.h */

struct signer *app_signer(const struct app *app);

#endif
