/*
 * The first steps of a process that handles keys.
 */
#ifndef START_H
#define START_H

#include <stdbool.h>

/*
 * To be called before anything else of OpenSSL: its configuration file is not
 * read. That costs half a millisecond at each start of a CGI program, and what
 * a variable of the environment names should not decide about cryptography.
 * And keys and passwords must not end up in a core file: there will be none.
 *
 * `names`: also load what OpenSSL has in tables of names: every cipher and digest
 * under its older names, and the texts of errors. Other libraries (libpq's TLS)
 * look things up in them. We ask the provider by the proper name and print no text
 * of OpenSSL's; without them a CGI program starts with a quarter of the instructions.
 *
 * Where OpenSSL does not start, the process ends: later it might end by a signal.
 */
void crypto_start(bool names);

/*
 * True once OpenSSL could not get memory in this process. It takes that for a wrong
 * signature here and there, and may remember that it has no such algorithm: so no
 * "no" of it counts any more, and the process should end once it has answered.
 * Always false without crypto_start.
 */
bool crypto_lacked_memory(void);

#endif
