/*
 * The power to make and open the links of mails, and to seal what only the worker that sends
 * them is to read: the bytes of mail_key. Empty where that is not set, which is no error:
 * then there is no such link. Empty also where the program does not name power_links, and
 * where the file may not be used any more.
 */
#ifndef POWER_LINKS_H
#define POWER_LINKS_H

#include "base/str.h"
#include "serve/app.h"

struct str app_mail_key(const struct app *app);

#endif
