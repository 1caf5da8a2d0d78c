/*
 * After a step that ended a session: tell the verifiers on this host.
 */
#ifndef ENDED_H
#define ENDED_H

#include "app/app.h"
#include "base/err.h"

/*
 * Renew the revocation file; ERR_OK also where the settings name none. On an
 * error the session has ended in the database, but its access tokens live until
 * they run out or until the next call that succeeds: it is in the log, and
 * whoever asked for the logout must be told that it is not done.
 */
enum err ended_publish(struct app *app);

#endif
