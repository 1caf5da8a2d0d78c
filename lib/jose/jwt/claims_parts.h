/* Shared by the files of a claims set. Only claims*.c include this. */
#ifndef CLAIMS_PARTS_H
#define CLAIMS_PARTS_H

#include "json/json.h"

extern const struct json_limits claims_limits; /* size of a whole claims set */

#endif
