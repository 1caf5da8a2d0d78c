#include "check.h"

#include <string.h>

#include "mail/mail_address.h"
#include "mail/mail_encode.h"
#include "mail/mail_link.h"
#include "mail/mail_message.h"
#include "mail/mail_server.h"

#define TEN "0123456789"
#define SIXTY TEN TEN TEN TEN TEN TEN

static void
takes_usual_addresses(void **state)
{
	static const char *const all[] = { "a@b",
					   "ann@example.org",
					   "Ann.O'Hara+x_y-z=1@mail.example.co",
					   "a@xn--bcher-kva.example",
					   "a@1.2",
					   ".a..b.@example.org",
					   SIXTY "0123@example.org" };

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++)
		assert_true(mail_address_is_valid(str_of(all[i])));
	assert_true(str_is(mail_address_domain(STR("ann@example.org")), "example.org"));
}

static void
refuses_what_a_server_or_a_header_could_misread(void **state)
{
	static const char *const all[] = { "",
					   "@",
					   "a",
					   "a@",
					   "@b",
					   "a@b@c",
					   "Ann <a@b>",
					   "<a@b>",
					   "a@b\r\nBcc: c@d",
					   "a@b\n",
					   "a\t@b",
					   "a b@c",
					   "a@b c",
					   "-a@b",
					   "\"a\"@b",
					   "a(x)@b",
					   "a,b@c",
					   "a:b@c",
					   "a;b@c",
					   "a\\@b",
					   "a[@b",
					   "a@[192.0.2.1]",
					   "a@b_c",
					   "a@.b",
					   "a@b.",
					   "a@b..c",
					   "a@-b",
					   "a@b-",
					   "a@b/c",
					   "\xc3\xbc@b.org",
					   "a@b\xc3\xbc.org",
					   SIXTY "01234@example.org",
					   "a@" SIXTY "0123.org",
					   "a@" SIXTY "." SIXTY "." SIXTY "." SIXTY
					   "." SIXTY };

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++)
		assert_false(mail_address_is_valid(str_of(all[i])));
	assert_false(mail_address_is_valid((struct str){ "a\0@b.org", 8 }));
}

static void
knows_who_takes_the_mails(void **state)
{
	static const struct {
		const char *text;
		enum mail_server_kind kind;
		const char *host, *path;
	} table[] = {
		{ "smtp://mail.example.org", MAIL_SERVER_SMTP, "mail.example.org", "" },
		{ "smtp://127.0.0.1:2525", MAIL_SERVER_SMTP, "127.0.0.1", "" },
		{ "smtps://[::1]:465", MAIL_SERVER_SMTPS, "[::1]", "" },
		{ "sendmail:/usr/sbin/sendmail", MAIL_SERVER_SENDMAIL, "",
		  "/usr/sbin/sendmail" },
		{ "file:/var/mail out", MAIL_SERVER_FILE, "", "/var/mail out" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct mail_server server;

		assert_null(mail_server_parse(str_of(table[i].text), &server));
		assert_int_equal(server.kind, table[i].kind);
		assert_true(str_is(server.host, table[i].host));
		assert_true(str_is(server.path, table[i].path));
	}
}

static void
refuses_what_is_no_mail_server(void **state)
{
	static const char *const all[] = {
		"",
		"mail.example.org",
		"http://mail.example.org",
		"SMTP://mail.example.org",
		"smtp://",
		"smtp://:25",
		"smtp://a:0",
		"smtp://a:65536",
		"smtp://a:",
		"smtp://a:25x",
		"smtp://a/b",
		"smtp://user:password@a",
		"smtp://a?x",
		"smtp://a b",
		"smtp://-a",
		"smtp://[::1",
		"smtp://[]",
		"smtp://[::1]x",
		"sendmail:",
		"sendmail:sendmail",
		"sendmail:-bs",
		"file:mail",
		"file:",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		struct mail_server server;

		assert_non_null(mail_server_parse(str_of(all[i]), &server));
	}
}

static void
encodes_headers(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	mail_encode_text(&out, 9, STR("Hello, \"you\""));
	assert_string_equal(buf_z(&out), "Hello, \"you\"");
	buf_clear(&out);
	mail_encode_text(&out, 0,
			 STR("Gr\xc3\xbc\xc3\x9f"
			     "e"));
	assert_string_equal(buf_z(&out), "=?utf-8?B?R3LDvMOfZQ==?=");
	buf_clear(&out);
	mail_encode_text(&out, 0, STR("a =?x?= b"));
	assert_string_equal(buf_z(&out), "=?utf-8?B?YSA9P3g/PSBi?=");
	buf_clear(&out);
	mail_encode_text(&out, 0, STR("a\r\nBcc: x"));
	assert_string_equal(buf_z(&out), "=?utf-8?B?YSAgQmNjOiB4?=");
	buf_clear(&out);
	mail_encode_name(&out, 6, STR("A \"B\" \\C"));
	assert_string_equal(buf_z(&out), "\"A \\\"B\\\" \\\\C\"");
	buf_done(&out);
}

/* RFC 2047, 2: 75 characters a word, 76 a line; and no character is cut. */
static void
breaks_long_headers_between_characters(void **state)
{
	struct buf out, text;
	struct str rest;

	(void)state;
	buf_init(&out, 65536);
	buf_init(&text, 65536);
	for (int i = 0; i < 300; i++)
		buf_addz(&text, i % 3 == 0 ? "\xe2\x82\xac" : "\xc3\xbc");
	assert_true(mail_encode_text(&out, 9, buf_str(&text)));
	for (rest = buf_str(&out); rest.n > 0;) {
		struct str line = str_cut(&rest, '\n');

		assert_true(line.n <= 76);
		assert_true(str_ends_with(line, STR("?=")));
	}
	buf_done(&out);
	buf_done(&text);
}

static void
encodes_bodies(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 65536);
	mail_encode_quoted(&out, STR("a=b\xc3\xbc \n.x\nFrom me\ty\t\n"));
	assert_string_equal(buf_z(&out), "a=3Db=C3=BC=20\n=2Ex\n=46rom me\ty=09\n");
	buf_clear(&out);
	mail_encode_quoted(&out, STR(SIXTY TEN TEN));
	assert_string_equal(buf_z(&out), SIXTY TEN "01234=\n56789\n");
	buf_clear(&out);
	mail_encode_wrapped(&out, STR(SIXTY " " TEN " " TEN "\n\n" SIXTY TEN TEN " x\n"));
	assert_string_equal(buf_z(&out),
			    SIXTY " " TEN "\n" TEN "\n\n" SIXTY TEN TEN "\nx\n");
	buf_done(&out);
}

static void
leaves_plain_bodies_as_they_are(void **state)
{
	(void)state;
	assert_true(mail_encode_is_plain(STR("Hello\n\n\tyou\n")));
	assert_false(mail_encode_is_plain(STR("Hell\xc3\xb6\n")));
	assert_false(mail_encode_is_plain(STR("a\rb\n")));
	assert_false(mail_encode_is_plain(STR("a\n\nFrom me\n")));
	assert_false(mail_encode_is_plain(STR("--=_doorward--\n")));
}

static enum err
write_to(const char *from, const char *to, const char *reply_to, const char *id,
	 const char *language)
{
	struct mail_message m = { .from = str_of(from),
				  .to = str_of(to),
				  .reply_to = str_of(reply_to),
				  .subject = STR("x"),
				  .text = STR("x"),
				  .html = STR("x"),
				  .language = str_of(language),
				  .id = str_of(id) };
	struct buf out;
	enum err e;

	buf_init(&out, MAIL_MESSAGE_MAX);
	e = mail_message_write(&m, &out);
	buf_done(&out);
	return e;
}

static void
refuses_a_mail_with_something_else_in_a_header(void **state)
{
	(void)state;
	assert_int_equal(write_to("a@b", "c@d", "", "1", "en"), ERR_OK);
	assert_int_equal(write_to("a@b\nX: y", "c@d", "", "1", "en"), ERR_SYNTAX);
	assert_int_equal(write_to("a@b", "c@d\r\nX: y", "", "1", "en"), ERR_SYNTAX);
	assert_int_equal(write_to("a@b", "c@d", "e", "1", "en"), ERR_SYNTAX);
	assert_int_equal(write_to("a@b", "c@d", "", "1>\n", "en"), ERR_SYNTAX);
	assert_int_equal(write_to("a@b", "c@d", "", "", "en"), ERR_SYNTAX);
	assert_int_equal(write_to("a@b", "c@d", "", "1", "en\nX: y"), ERR_SYNTAX);
}

static void
makes_links_of_what_is_mailed_only(void **state)
{
	struct str key = STR("0123456789abcdef0123456789abcdef");
	struct str id = STR("11111111-2222-4333-8444-555555555555");
	struct buf out;

	(void)state;
	buf_init(&out, 1024);
	assert_int_equal(mail_link_url(key, TICKET_RESET, id, "https://a.example",
				       "/account/link", &out),
			 ERR_OK);
	assert_true(str_starts_with(buf_str(&out),
				    STR("https://a.example/account/link?token=dwp_")));
	buf_clear(&out);
	assert_int_equal(mail_link_url(key, TICKET_SETUP, id, "x", "/y", &out),
			 ERR_SYNTAX);
	assert_int_equal(mail_link_url(key, TICKET_KINDS, id, "x", "/y", &out),
			 ERR_SYNTAX);
	assert_int_equal(mail_link_url(key, TICKET_RESET, STR("7"), "x", "/y", &out),
			 ERR_SYNTAX);
	assert_int_equal(mail_link_url(STR(""), TICKET_RESET, id, "x", "/y", &out),
			 ERR_CRYPTO);
	assert_int_equal(out.n, 0);
	assert_int_equal(mail_link_kind(STR("undo-address")), TICKET_UNDO_ADDRESS);
	assert_int_equal(mail_link_kind(STR("nonsense")), TICKET_KINDS);
	buf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_usual_addresses),
		cmocka_unit_test(refuses_what_a_server_or_a_header_could_misread),
		cmocka_unit_test(knows_who_takes_the_mails),
		cmocka_unit_test(refuses_what_is_no_mail_server),
		cmocka_unit_test(encodes_headers),
		cmocka_unit_test(breaks_long_headers_between_characters),
		cmocka_unit_test(encodes_bodies),
		cmocka_unit_test(leaves_plain_bodies_as_they_are),
		cmocka_unit_test(refuses_a_mail_with_something_else_in_a_header),
		cmocka_unit_test(makes_links_of_what_is_mailed_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
