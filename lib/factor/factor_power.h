/*
 * The power to open the secrets of factors. It is here and not in lib/serve, which must
 * not include this room: most programs have no factors.
 */
#ifndef FACTOR_POWER_H
#define FACTOR_POWER_H

#include "serve/power.h"

struct factor_keys; /* factor/factor_keys.h */

extern const struct power power_factors;

/*
 * The keys of the setting factor_keys. NULL if it is not set: then one-time codes are not
 * offered. If the directory cannot be used, the program serves all the same, and
 * factor_seal and factor_unseal say why they cannot work.
 */
struct factor_keys *app_factor_keys(const struct app *app);

#endif
