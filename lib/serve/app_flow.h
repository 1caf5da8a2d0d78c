/*
 * How this program lets people prove a password: from the settings, with the database
 * and the session secret that its powers have opened.
 */
#ifndef APP_FLOW_H
#define APP_FLOW_H

#include "people/flow.h"
#include "serve/app.h"

void app_flow_policy(const struct app *app, struct flow_policy *policy);

#endif
