/*
 * Jansson's memory. A parsed token takes some fifty small pieces, all of which are
 * given back together, before the next one (10,000 instructions less for each token that was
 * not seen before, measured): so they are cut from one block as
 * long as it lasts, which is wiped and used anew when the last piece is back.
 * What does not fit comes from malloc and is wiped when it is freed. For one
 * thread; only json.c includes this.
 */
#ifndef JSON_MEMORY_H
#define JSON_MEMORY_H

#include <stddef.h>

void *json_memory_take(size_t n); /* NULL when memory is out */
void json_memory_give(void *p);   /* NULL is allowed */

#endif
