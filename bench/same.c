/*
 * Our answer from a program that does nothing for it, as empty.c does: it tells how much of
 * the way from an empty responder to ours is the answer's length, and how much is the work.
 * The answer is in a file beside the program, there at the first request.
 */
#include <fcgiapp.h>
#include <stdio.h>

static size_t
read_answer(const char *program, char *answer, size_t size)
{
	char name[4096];
	size_t n;
	FILE *f;

	snprintf(name, sizeof(name), "%s.answer", program);
	if ((f = fopen(name, "r")) == NULL)
		return 0;
	n = fread(answer, 1, size, f);
	fclose(f);
	return n;
}

int
main(int argc, char **argv)
{
	static char answer[8192];
	size_t n = 0;
	FCGX_Request request;

	(void)argc;
	FCGX_Init();
	FCGX_InitRequest(&request, 0, 0);
	while (FCGX_Accept_r(&request) == 0) {
		if (n == 0)
			n = read_answer(argv[0], answer, sizeof(answer));
		FCGX_PutStr(answer, (int)n, request.out);
	}
	return 0;
}
