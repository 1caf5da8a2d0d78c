/*
 * If nothing else sends mails (mail_worker = program), start the command that sends
 * them after a request was answered. It is a separate process that shares nothing with
 * us, so no page waits for a mail or depends on it.
 */
#ifndef WORKER_H
#define WORKER_H

#include <stdbool.h>

struct app;
struct config;

/* A mail may have been added or may be due: look after the answer. */
void worker_wake(struct app *app);

/*
 * For `after` of a struct program: if the database says that a mail is due, and no
 * program has started a worker within ten seconds, start one. Always false, because
 * once is enough.
 */
bool worker_after(struct app *app);

/*
 * Start `COMMAND --config FILE mail send --stay SECONDS` in its own session, without
 * an environment and with no descriptor but /dev/null. False if it could not be
 * started. Nobody waits for its end.
 */
bool worker_start(const struct config *config);

#endif
