#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "files/files.h"
#include "files/open_beneath.h"
#include "serve/serve_request.h"

static char top[] = "/var/tmp/test_files.XXXXXX";

static void
write_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static int
make_tree(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "root/socket" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	if (mkdtemp(top) == NULL || chdir(top) != 0)
		return -1;
	mkdir("root", 0755);
	mkdir("root/dir", 0755);
	mkdir("root/noindex", 0755);
	mkdir("root/index.d", 0755);
	mkdir("root/index.d/index.html", 0755);
	mkdir("root/.git", 0755);
	write_file("canary", "outside");
	write_file("root/a.txt", "hello world");
	write_file("root/odd name%.txt", "odd");
	write_file("root/index.html", "<p>top");
	write_file("root/dir/index.html", "<p>index");
	write_file("root/.htpasswd", "secret");
	write_file("root/.git/config", "secret");
	mkfifo("root/fifo", 0644);
	if (symlink("../canary", "root/link") != 0 || symlink("..", "root/up") != 0 ||
	    symlink("a.txt", "root/inside") != 0 || symlink("dir", "root/dirlink") != 0)
		return -1;
	return bind(fd, (struct sockaddr *)&address, sizeof(address)) + close(fd);
}

static int
remove_tree(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", top);
	return system(command);
}

static void
opens_what_lies_beneath_and_nothing_else(void **state)
{
	static const struct {
		const char *path;
		enum err e;
	} rows[] = {
		{ "/a.txt", ERR_OK },
		{ "/", ERR_OK },
		{ "/dir", ERR_OK },
		{ "/dir/", ERR_OK },
		{ "/dir/index.html", ERR_OK },
		{ "", ERR_NOT_FOUND },
		{ "a.txt", ERR_NOT_FOUND },
		{ "/a.txt/", ERR_NOT_FOUND },
		{ "/a.txt/x", ERR_NOT_FOUND },
		{ "/none", ERR_NOT_FOUND },
		{ "/dir//index.html", ERR_NOT_FOUND },
		{ "//a.txt", ERR_NOT_FOUND },
		{ "/./a.txt", ERR_NOT_FOUND },
		{ "/../canary", ERR_NOT_FOUND },
		{ "/dir/../../canary", ERR_NOT_FOUND },
		{ "/..", ERR_NOT_FOUND },
		{ "/link", ERR_NOT_FOUND },
		{ "/up/canary", ERR_NOT_FOUND },
		{ "/inside", ERR_NOT_FOUND },
		{ "/dirlink/index.html", ERR_NOT_FOUND },
		{ "/dirlink", ERR_NOT_FOUND },
		{ "/.htpasswd", ERR_NOT_FOUND },
		{ "/.git/config", ERR_NOT_FOUND },
		{ "/fifo", ERR_NOT_FOUND },
		{ "/socket", ERR_NOT_FOUND },
	};
	struct stat st;
	int root, fd;

	(void)state;
	assert_int_equal(open_beneath_root("root", &root, NULL), ERR_OK);
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum err e = open_beneath(root, str_of(rows[i].path), &fd, &st);

		if (e != rows[i].e)
			fail_msg("%s: %s", rows[i].path, err_text(e));
		assert_int_equal(fd >= 0, e == ERR_OK);
		if (fd >= 0)
			close(fd);
	}
	assert_int_equal(open_beneath(root, (struct str){ "/a.txt\0x", 8 }, &fd, &st),
			 ERR_NOT_FOUND);
	close(root);
	assert_int_equal(open_beneath_root("root/a.txt", &root, NULL), ERR_IO);
	assert_int_equal(open_beneath_root("none", &root, NULL), ERR_NOT_FOUND);
}

struct answer {
	struct response resp;
	char body[128];
};

static void
ask(const struct config *c, const char *method, const char *path, const char *header,
    struct answer *a)
{
	char m[32], u[128];
	char *env[4] = { m, u, (char *)(uintptr_t)header };
	struct request req;
	struct files f;
	const struct program program = { .powers = { &power_files } };
	const struct opened opened = { .what = { &f } };
	struct app app = { .program = &program, .opened = &opened, .now = 2000000000 };
	ssize_t n = 0;

	snprintf(m, sizeof(m), "REQUEST_METHOD=%s", method);
	snprintf(u, sizeof(u), "REQUEST_URI=%s?q=1", path);
	assert_int_equal(request_init(&req, env), ERR_OK);
	response_init(&a->resp);
	assert_int_equal(files_open(&f, c, NULL), ERR_OK);
	files_answer(&app, &req, str_of(path), &a->resp);
	assert_true(a->resp.complete);
	if (a->resp.file >= 0)
		n = pread(a->resp.file, a->body, (size_t)a->resp.file_length,
			  a->resp.file_offset);
	assert_true(n >= 0);
	a->body[n] = '\0';
	files_close(&f);
	request_done(&req);
}

static const char *
header_of(const struct answer *a, const char *name)
{
	static char text[256];
	struct str value;

	if (!response_header_find(&a->resp, name, &value))
		return "";
	snprintf(text, sizeof(text), "%.*s", STR_ARG(value));
	return text;
}

static void
answers_with_the_file_that_the_path_names(void **state)
{
	static const struct {
		const char *method, *path, *header;
		int status;
		const char *body;
	} rows[] = {
		{ "GET", "/m/a.txt", NULL, 200, "hello world" },
		{ "HEAD", "/m/a.txt", NULL, 200, "hello world" },
		{ "GET", "/m/a.txt", "HTTP_RANGE=bytes=6-", 206, "world" },
		{ "GET", "/m/a.txt", "HTTP_RANGE=bytes=11-", 416, "" },
		{ "GET", "/m/a.txt", "HTTP_IF_MATCH=\"x\"", 412, "" },
		{ "GET", "/m/a.txt", "HTTP_IF_NONE_MATCH=*", 304, "" },
		{ "GET", "/m/odd name%.txt", NULL, 200, "odd" },
		{ "GET", "/m/", NULL, 200, "<p>top" },
		{ "GET", "/m", NULL, 301, "" },
		{ "GET", "/m/dir/", NULL, 200, "<p>index" },
		{ "GET", "/m/dir", NULL, 301, "" },
		{ "GET", "/m/noindex/", NULL, 404, "" },
		{ "GET", "/m/index.d/", NULL, 404, "" },
		{ "GET", "/m/none", NULL, 404, "" },
		{ "GET", "/mm/a.txt", NULL, 404, "" },
		{ "GET", "/a.txt", NULL, 404, "" },
		{ "GET", "/m/link", NULL, 404, "" },
		{ "GET", "/m/.htpasswd", NULL, 404, "" },
		{ "POST", "/m/a.txt", NULL, 405, "" },
		{ "DELETE", "/m/a.txt", NULL, 405, "" },
	};
	struct config c = { .files_root = "root", .files_at = "/m/" };
	struct answer a;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		ask(&c, rows[i].method, rows[i].path, rows[i].header, &a);
		if (a.resp.status != rows[i].status || strcmp(a.body, rows[i].body) != 0)
			fail_msg("%s: %d %s", rows[i].path, a.resp.status, a.body);
		response_done(&a.resp);
	}
}

static void
tells_what_a_cache_and_a_browser_need(void **state)
{
	struct config c = { .files_root = "root", .files_at = "/" };
	char header[300];
	struct answer a;

	(void)state;
	ask(&c, "GET", "/a.txt", NULL, &a);
	assert_string_equal(header_of(&a, "Content-Type"), "text/plain");
	assert_string_equal(header_of(&a, "Cache-Control"), "private, no-cache");
	assert_string_equal(header_of(&a, "X-Content-Type-Options"), "nosniff");
	assert_string_equal(header_of(&a, "Accept-Ranges"), "bytes");
	assert_string_not_equal(header_of(&a, "Last-Modified"), "");
	snprintf(header, sizeof(header), "HTTP_IF_NONE_MATCH=%s", header_of(&a, "ETag"));
	response_done(&a.resp);
	ask(&c, "GET", "/a.txt", header, &a);
	assert_int_equal(a.resp.status, 304);
	assert_string_equal(header_of(&a, "ETag"), strchr(header, '=') + 1);
	response_done(&a.resp);
	ask(&c, "GET", "/a.txt", "HTTP_RANGE=bytes=0-3", &a);
	assert_string_equal(header_of(&a, "Content-Range"), "bytes 0-3/11");
	response_done(&a.resp);
	ask(&c, "GET", "/a.txt", "HTTP_RANGE=bytes=20-", &a);
	assert_string_equal(header_of(&a, "Content-Range"), "bytes */11");
	response_done(&a.resp);
	ask(&c, "GET", "/dir", NULL, &a);
	assert_string_equal(header_of(&a, "Location"), "/dir/?q=1");
	response_done(&a.resp);
}

static void
hands_the_file_to_a_server_that_was_told_to_take_it(void **state)
{
	static const struct {
		int how;
		const char *header, *value;
	} rows[] = {
		{ SENDFILE_X_SENDFILE, "X-Sendfile", "root/odd%20name%25.txt" },
		{ SENDFILE_X_LIGHTTPD, "X-LIGHTTPD-send-file", "root/odd%20name%25.txt" },
		{ SENDFILE_X_ACCEL, "X-Accel-Redirect",
		  "/doorward-files/odd%20name%25.txt" },
	};
	struct answer a;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct config c = { .files_root = "root",
				    .files_at = "/m",
				    .files_sendfile = rows[i].how };

		ask(&c, "GET", "/m/odd name%.txt", NULL, &a);
		assert_int_equal(a.resp.status, 200);
		assert_int_equal(a.resp.file, -1);
		assert_string_equal(header_of(&a, rows[i].header), rows[i].value);
		response_done(&a.resp);
		ask(&c, "GET", "/m/link", NULL, &a);
		assert_int_equal(a.resp.status, 404);
		assert_string_equal(header_of(&a, rows[i].header), "");
		response_done(&a.resp);
	}
}

static void
refuses_to_open_without_a_usable_root(void **state)
{
	static const struct config bad[] = {
		{ .files_root = NULL, .files_at = "/" },
		{ .files_root = "none", .files_at = "/" },
		{ .files_root = "root/a.txt", .files_at = "/" },
		{ .files_root = "root", .files_at = "m" },
		{ .files_root = "root", .files_at = "/../" },
	};
	struct files f;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_not_equal(files_open(&f, &bad[i], NULL), ERR_OK);
		files_close(&f);
		files_close(&f);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_what_lies_beneath_and_nothing_else),
		cmocka_unit_test(answers_with_the_file_that_the_path_names),
		cmocka_unit_test(tells_what_a_cache_and_a_browser_need),
		cmocka_unit_test(hands_the_file_to_a_server_that_was_told_to_take_it),
		cmocka_unit_test(refuses_to_open_without_a_usable_root),
	};

	return cmocka_run_group_tests_name("files", tests, make_tree, remove_tree);
}
