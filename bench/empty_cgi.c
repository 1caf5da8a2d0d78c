/* The least that a CGI program can do. */
#include <stdio.h>

int
main(void)
{
	fputs("Content-Type: application/json\r\n\r\n{}\n", stdout);
	return 0;
}
