/* The least that a FastCGI responder on libfcgi can do: what ours is held against. */
#include <fcgiapp.h>

int
main(void)
{
	static const char answer[] = "Content-Type: application/json\r\n\r\n{}\n";
	FCGX_Request request;

	FCGX_Init();
	FCGX_InitRequest(&request, 0, 0);
	while (FCGX_Accept_r(&request) == 0)
		FCGX_PutStr(answer, sizeof(answer) - 1, request.out);
	return 0;
}
