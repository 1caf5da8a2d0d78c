/*
 * The form of a counted phrase: "one" minute, "other" minutes. Languages differ in how
 * many forms they have and in which number takes which (Unicode CLDR, Language Plural
 * Rules).
 */
#ifndef PLURAL_H
#define PLURAL_H

#include "base/str.h"

/*
 * "zero", "one", "two", "few", "many" or "other", for the whole number `count` in the
 * language `tag` ("pt-br"). A language that is not in the table has "one" for 1 and
 * "other". What is no whole number is "other". The form "many" that French and Spanish
 * have for millions is folded into "other".
 */
const char *plural_form(struct str tag, struct str count);

#endif
