/*
 * The power to make and open the links in mails, and to seal data that only the worker
 * which sends them may read: the bytes of mail_key. Empty if that is not set, which is
 * no error: there are no such links then. Also empty if the program does not name
 * power_links, or if the file may not be used any more.
 */
#ifndef POWER_LINKS_H
#define POWER_LINKS_H

#include "base/str.h"
#include "serve/app.h"

struct str app_mail_key(const struct app *app);

#endif
