/*
 * A program that has every name of the tree for itself: own_names.h, which the test writes,
 * defines each as a macro, a type, a constant or a function of the program. The library's
 * own must neither be changed by them nor change them.
 */
#include <stdio.h>
#include <string.h>

#include "own_names.h"

int
main(void)
{
	struct doorward_buf b;
	int status;

	doorward_buf_init(&b, 100);
	doorward_json_put_open(&b, '{');
	doorward_json_put_member_int(&b, "own", own_names_sum());
	doorward_json_put_close(&b, '}');
	puts(doorward_buf_z(&b));
	status = b.failed ? 1 : 0;
	doorward_buf_done(&b);
	return status;
}
