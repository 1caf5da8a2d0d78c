/*
 * Arguments by name, for functions with more than four. A list has one line for each
 * argument: its number, its name and type in SQL, and the call that adds its value to
 * the arguments `a`:
 *
 *   #define FIND(FIRST, NEXT)                                       \
 *         FIRST(1, p_user, uuid, db_arg_uuid(a, user))            \
 *         NEXT(2, p_version, integer, db_arg_int(a, version))
 *
 * NAMED_SQL(FIND) is the text p_user => $1::uuid, p_version => $2::integer.
 * NAMED_ADD(FIND) adds the values. Numbers that are not 1, 2, … do not compile. `make
 * lint` finds names, types and an order that differ from the function in sql/.
 */
#ifndef NAMED_H
#define NAMED_H

#define NAMED_SQL(list) list(NAMED_SQL_FIRST, NAMED_SQL_NEXT)
#define NAMED_SQL_FIRST(n, name, type, add) #name " => $" #n "::" #type
#define NAMED_SQL_NEXT(n, name, type, add) ", " NAMED_SQL_FIRST(n, name, type, add)

#define NAMED_ADD(list)                                                                  \
	do {                                                                             \
		enum { list(NAMED_PLACE, NAMED_PLACE) };                                 \
		list(NAMED_ADD_ONE, NAMED_ADD_ONE)                                       \
	} while (0)
#define NAMED_PLACE(n, name, type, add) name##_place,
#define NAMED_ADD_ONE(n, name, type, add)                                                \
	_Static_assert(name##_place == (n)-1, #name " is not in its place");             \
	add;

#endif
