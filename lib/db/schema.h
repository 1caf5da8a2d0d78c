/*
 * The schema that a program was built for. Callers give it to db_open, and every
 * connection compares it with the database's before the first statement.
 */
#ifndef SCHEMA_H
#define SCHEMA_H

struct db_schema {
	int number;            /* of the newest file of tables, sql/NNN_noun.sql */
	const char *functions; /* SHA-256 of sql/functions/, 64 hexadecimal digits */
};

/* Of the files in sql/ at the time of the build (tools/embed_schema). */
extern const struct db_schema embedded_schema;

#endif
