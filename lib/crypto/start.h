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
 */
void crypto_start(bool names);

#endif
