/*
 * The first steps of a process that handles keys.
 */
#ifndef START_H
#define START_H

/*
 * To be called before anything else of OpenSSL: its configuration file is not
 * read. That costs half a millisecond at each start of a CGI program, and what
 * a variable of the environment names should not decide about cryptography.
 * And keys and passwords must not end up in a core file: there will be none.
 */
void crypto_start(void);

#endif
