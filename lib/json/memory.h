/*
 * Memory for Jansson. A parsed token takes about fifty small pieces, which are all
 * freed before the next token (10,000 instructions less for each token that was not
 * seen before, measured). So the pieces are cut from one block while there is room.
 * When the last piece is freed, the block is wiped and used again. What does not fit
 * comes from malloc and is wiped when it is freed. For one thread. Only json.c
 * includes this header.
 */
#ifndef JSON_MEMORY_H
#define JSON_MEMORY_H

#include <stddef.h>

void *json_memory_take(size_t n); /* NULL if memory is out */
void json_memory_give(void *p);   /* NULL is allowed */

#endif
