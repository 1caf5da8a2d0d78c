/* The first steps of a process that uses keys. */
#ifndef START_H
#define START_H

#include <stdbool.h>

/*
 * Call this before any other function of OpenSSL. It stops OpenSSL from reading its
 * configuration file. Reading it costs half a millisecond at each start of a CGI
 * program, and a file that an environment variable names must not decide about
 * cryptography. It also disables core files, because keys and passwords must not end
 * up in one.
 *
 * `names`: also load OpenSSL's tables of names, which contain the older names of every
 * cipher and digest, and the texts of errors. Other libraries need them (libpq's TLS).
 * We use the proper names only and print no text of OpenSSL's. Without the tables a
 * CGI program starts with a quarter of the instructions.
 *
 * If OpenSSL does not start, the process ends, because OpenSSL might otherwise end it
 * later with a signal.
 */
void crypto_start(bool names);

/*
 * True if OpenSSL could not get memory at least once in this process. OpenSSL may
 * report this as a wrong signature, and may remember that an algorithm does not exist.
 * So a "no" from OpenSSL counts no longer, and the process should end after its
 * answer. Always false without crypto_start.
 */
bool crypto_lacked_memory(void);

#endif
