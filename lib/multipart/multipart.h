/*
 * multipart/form-data (RFC 7578), as browsers send a form with a file. It is read
 * strictly: without preamble and epilogue, every line with CRLF, every part with one name
 * in quotes. Anything else refuses the whole body.
 */
#ifndef MULTIPART_H
#define MULTIPART_H

#include "http/form.h"

#define MULTIPART_PARTS_MAX 16

/*
 * Each part becomes a field; names of files and content types are dropped. Names are
 * UTF-8, but the values are any bytes. All borrow from `body`. ERR_UNSUPPORTED:
 * `content_type` is another one (answer 415). ERR_SYNTAX, ERR_LIMIT (answer 400). After
 * an error the form is empty. Call form_done in any case.
 */
enum err multipart_parse(struct form *f, struct str content_type, struct str body);

#endif
