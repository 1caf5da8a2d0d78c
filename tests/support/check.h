/* cmocka, whose header wants these before it, in any file that tests. */
#ifndef CHECK_H
#define CHECK_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

#endif
