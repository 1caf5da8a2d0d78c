/*
 * Scopes (RFC 6749, 3.3; OpenID Connect Core, 5.4 and 11). A set of them is a number with
 * one bit for each: `a & b` cuts, `(a & b) == b` covers.
 */
#ifndef CLIENT_SCOPE_H
#define CLIENT_SCOPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

#define CLIENT_SCOPE_OPENID 1u
#define CLIENT_SCOPE_PROFILE 2u
#define CLIENT_SCOPE_EMAIL 4u
#define CLIENT_SCOPE_GROUPS 8u
#define CLIENT_SCOPE_OFFLINE 16u /* offline_access */
#define CLIENT_SCOPES 5

#define CLIENT_SCOPES_TEXT 64 /* bytes of the longest list */

/* The word of a scope by its number, 0 to CLIENT_SCOPES - 1; its bit is 1u << number. */
const char *client_scope_word(size_t number);

/* The scopes in a list of words. Words that are none of ours are left out. */
unsigned client_scope_read(struct str words);

/* As client_scope_read, but false if a word is none of ours; `unknown` is that word. */
bool client_scope_read_all(struct str words, unsigned *scopes, struct str *unknown);

/* Append the words of a set, with a space between them, in the order of the bits. */
bool client_scope_add(struct buf *out, unsigned scopes);

#endif
