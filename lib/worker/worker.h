/*
 * Where nothing else sends mails (mail_worker = program): once a request is answered, start
 * the command that does. It is another process, with nothing of ours: whatever becomes of a
 * mail, no page waits for it or tells of it.
 */
#ifndef WORKER_H
#define WORKER_H

#include <stdbool.h>

struct app;
struct config;

/* A mail may have been added, or may be due: look after the answer. */
void worker_wake(struct app *app);

/*
 * For `after` of a struct program: if the database says that something is due and no program
 * has started a worker within ten seconds, start one. Always false: once is enough.
 */
bool worker_after(struct app *app);

/*
 * `COMMAND --config FILE mail send --stay SECONDS`, in a session of its own, without an
 * environment and without any descriptor but /dev/null. False when it could not be started;
 * how it ends nobody asks.
 */
bool worker_start(const struct config *config);

#endif
