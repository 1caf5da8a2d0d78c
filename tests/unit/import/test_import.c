#include "check.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "import/import.h"

/* ---- users as text ---- */

static bool
put(void *context, const struct import_user *u)
{
	struct buf *out = context;

	buf_addf(out, "%zu %.*s <%.*s> (%.*s) [", u->line, STR_ARG(u->name),
		 STR_ARG(u->address), STR_ARG(u->display_name));
	for (size_t i = 0; i < u->n_roles; i++)
		buf_addf(out, "%s%.*s", i > 0 ? " " : "", STR_ARG(u->roles[i]));
	buf_addf(out, "] %.*s%s%s\n", STR_ARG(u->hash), u->disabled ? " disabled" : "",
		 u->unverified ? " unverified" : "");
	return true;
}

static bool
refuse(void *context, size_t line, struct str name, const char *reason)
{
	buf_addf(context, "%zu %.*s!%s\n", line, STR_ARG(name), reason);
	return true;
}

/* What a source makes of `text`; an error ends it. */
static const char *
read_n(const char *source, struct str text)
{
	static struct buf out;
	const struct import_taker taker = { put, refuse, &out };
	struct why why = { "" };

	buf_done(&out);
	buf_init(&out, 65536);
	if (import_find(str_of(source))->read(text, &taker, &why) != ERR_OK)
		buf_addf(&out, "ERROR %s\n", why.text);
	return buf_z(&out);
}

static const char *
read_all(const char *source, const char *text)
{
	return read_n(source, str_of(text));
}

static void
knows_the_sources_by_name(void **state)
{
	(void)state;
	assert_non_null(import_find(STR("csv")));
	assert_non_null(import_find(STR("")));
	assert_null(import_find(STR("CSV")));
	assert_null(import_find(STR("ldap")));
}

/* ---- lines ---- */

static void
reads_htpasswd(void **state)
{
	(void)state;
	assert_string_equal(
		read_all("htpasswd", "ann:$2y$05$x\r\n\n# bob:x\nbob:$apr1$y$z\n"),
		"1 ann <> () [] $2y$05$x\n4 bob <> () [] $apr1$y$z\n");
	assert_string_equal(read_all("htpasswd", "a secret\n"),
			    "1 !not NAME:HASH, as htpasswd writes it\n");
	assert_string_equal(read_all("htpasswd", "{\"name\":\"x\"}"),
			    "1 {\"name\" <> () [] \"x\"}\n");
	assert_string_equal(read_all("htpasswd", "\xff\xfe:x\n"),
			    "1 !it is not UTF-8 text, or far too long\n");
}

static void
reads_json_lines(void **state)
{
	(void)state;
	assert_string_equal(
		read_all("jsonl",
			 "{\"name\":\"ann\",\"address\":\"a@b\",\"display_name\":\"Ann\","
			 "\"roles\":[\"x\",\"y\"],\"password_hash\":\"$h\",\"disabled\":"
			 "true,"
			 "\"verified\":false,\"id\":\"1\",\"created_at\":1}\n\n"
			 "{\"name\":\"bob\",\"mail\":\"b@c\"}"),
		"1 ann <a@b> (Ann) [x y] $h disabled unverified\n3 bob <b@c> () [] \n");
}

static void
refuses_json_that_is_no_user(void **state)
{
	static const char *const texts[] = {
		"{}",
		"[]",
		"{\"name\":1}",
		"{\"name\":\"x\",\"roles\":\"a\"}",
		"{\"name\":\"x\",\"roles\":[1]}",
		"{\"name\":\"x\",\"disabled\":\"yes\"}",
		"{\"name\":\"x\",\"verified\":1}",
		"{\"name\":\"x\",\"verified\":true}",
		"{\"name\":\"x\",\"password\":\"secret\"}",
		"{\"name\":\"x\",\"mail\":\"a@b\",\"address\":\"a@b\"}",
		"{\"name\":\"x\"",
		"name,roles",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		const char *said = read_all("jsonl", texts[i]);

		assert_non_null(strchr(said, '!'));
		assert_null(strstr(said, "secret"));
	}
}

static void
decides_for_each_line_without_a_source(void **state)
{
	(void)state;
	assert_string_equal(read_all("", "ann:$h\n{\"name\":\"bob\"}\n"),
			    "1 ann <> () [] $h\n2 bob <> () [] \n");
}

/* ---- CSV ---- */

static void
reads_csv_by_its_header(void **state)
{
	(void)state;
	assert_string_equal(
		read_all("csv", "name,address,display_name,roles\r\n"
				"ann,a@b,\"Ann, the first\",\"x y;z,w\"\r\nbob,,,\r\n"),
		"2 ann <a@b> (Ann, the first) [x y z w] \n3 bob <> () [] \n");
	assert_string_equal(
		read_all("csv",
			 "\xef\xbb\xbfRoles, Name ,disabled,password_hash,verified\n"
			 "x,ann,TRUE,$h,0\n,bob,no,,\n"),
		"2 ann <> () [x] $h disabled unverified\n3 bob <> () [] \n");
	assert_string_equal(read_all("csv", "name\n'=1+1\n"), "2 =1+1 <> () [] \n");
}

static void
refuses_a_header_that_names_no_users(void **state)
{
	static const struct {
		const char *text, *said;
	} all[] = {
		{ "", "is missing" },
		{ "ann,a@b\n", "column 1 of the header" },
		{ "name,pasword_hash\n", "column 2 of the header" },
		{ "address\na@b\n", "no column for the name" },
		{ "name,roles,Name\n", "twice" },
		{ "name;address\n", "semicolons" },
		{ "\"name\n", "does not end" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		const char *said = read_all("csv", all[i].text);

		assert_int_equal(strncmp(said, "ERROR", 5), 0);
		assert_non_null(strstr(said, all[i].said));
	}
}

static void
refuses_rows_that_do_not_fit_and_goes_on(void **state)
{
	(void)state;
	assert_string_equal(read_all("csv", "name,disabled\nann\nbob,maybe\ncarl,1,2\n"
					    "d\"d,1\neve,1\n"),
			    "2 !it has fewer cells than the header\n"
			    "3 bob!disabled must be true or false\n"
			    "4 !it has more cells than the header\n"
			    "5 !a quote inside a cell that does not begin with one\n"
			    "6 eve <> () []  disabled\n");
	assert_string_equal(read_all("csv", "name\n\xff\n"),
			    "2 !it is not UTF-8 text, or far too long\n");
	assert_string_equal(read_n("csv", STR("name\na\0b\n")),
			    "2 !it is not UTF-8 text, or far too long\n");
}

/* ---- WordPress ---- */

static const char wordpress_dump[] =
	"-- MariaDB dump 10.19\n/*!40101 SET NAMES utf8mb4 */;\n"
	"DROP TABLE IF EXISTS `wp_usermeta`;\n"
	"CREATE TABLE `wp_usermeta` (\n"
	"  `umeta_id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,\n"
	"  `user_id` bigint(20) unsigned NOT NULL DEFAULT 0,\n"
	"  `meta_key` varchar(255) DEFAULT NULL,\n  `meta_value` longtext,\n"
	"  PRIMARY KEY (`umeta_id`),\n  KEY `user_id` (`user_id`)\n) ENGINE=InnoDB;\n"
	"INSERT INTO `wp_usermeta` VALUES (1,1,'nickname','x'),\n"
	"(2,1,'wp_capabilities','a:2:{s:13:\\\"administrator\\\";b:1;s:4:\\\"gone\\\";b:"
	"0;}'),\n"
	"(3,2,'wp_capabilities','a:1:{s:6:\\\"editor\\\";b:1;}'),\n"
	"(4,2,'wp_2_capabilities','a:1:{s:6:\\\"author\\\";b:1;}');\n"
	"CREATE TABLE `wp_users` (\n  `ID` bigint(20) unsigned NOT NULL,\n"
	"  `user_login` varchar(60) NOT NULL DEFAULT '',\n  `user_pass` varchar(255) NOT "
	"NULL,\n"
	"  `user_nicename` varchar(50),\n  `user_email` varchar(100),\n  `user_url` "
	"varchar(100),\n"
	"  `user_registered` datetime,\n  `user_activation_key` varchar(255),\n"
	"  `user_status` int(11),\n  `display_name` varchar(250),\n  PRIMARY KEY "
	"(`ID`)\n);\n"
	"INSERT INTO `wp_users` VALUES (1,'ann','$P$Bx','ann','a@b','','2020-01-01 "
	"00:00:00','',"
	"0,'Ann O\\'Hara; \\\\ "
	"(a)'),(2,'bob','$wp$2y$10$y','bob','','',NULL,'',0,'Bo''b');\n";

static void
reads_a_dump_of_wordpress(void **state)
{
	(void)state;
	assert_string_equal(read_all("wordpress", wordpress_dump),
			    "29 ann <a@b> (Ann O'Hara; \\ (a)) [administrator] $P$Bx\n"
			    "29 bob <> (Bo'b) [editor] $wp$2y$10$y\n");
}

static void
reads_the_csv_of_wp_user_list(void **state)
{
	(void)state;
	assert_string_equal(
		read_all("wordpress",
			 "ID,user_login,display_name,user_email,roles,user_pass\n"
			 "1,ann,Ann,a@b,\"editor,author\",$P$Bx\n"),
		"2 ann <a@b> (Ann) [editor author] $P$Bx\n");
}

/* ---- glewlwyd ---- */

static const char glewlwyd_dump[] =
	"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n"
	"CREATE TABLE g_user (\n  gu_id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"  gu_username TEXT NOT NULL UNIQUE,\n  gu_name TEXT DEFAULT '',\n"
	"  gu_email TEXT DEFAULT '',\n  gu_enabled INTEGER DEFAULT 1\n);\n"
	"INSERT INTO g_user VALUES(1,'admin','The \"Administrator\"','',1);\n"
	"INSERT INTO g_user VALUES(2,'bob','Bo''b \\',NULL,0);\n"
	"CREATE TABLE g_user_scope (gus_id INTEGER PRIMARY KEY, gus_name TEXT NOT "
	"NULL);\n"
	"INSERT INTO g_user_scope VALUES(1,'g_admin');\n"
	"INSERT INTO g_user_scope VALUES(2,'openid');\n"
	"CREATE TABLE g_user_scope_user (gusu_id INTEGER PRIMARY KEY, gu_id INTEGER,\n"
	"  gus_id INTEGER);\n"
	"INSERT INTO g_user_scope_user VALUES(1,1,1);\n"
	"INSERT INTO g_user_scope_user VALUES(2,1,2);\n"
	"CREATE TABLE g_user_password (guw_id INTEGER PRIMARY KEY, gu_id INTEGER, "
	"guw_password "
	"TEXT);\n"
	"INSERT INTO g_user_password VALUES(1,1,"
	"'fOfvZC/wR2cUSTWbW6YZueGyyDuFqwkoFlcNlRYWJscxYTVOVFJ3VWFHdVJQT0pU');\n"
	"INSERT INTO g_user_password VALUES(2,2,"
	"'fOfvZC/wR2cUSTWbW6YZueGyyDuFqwkoFlcNlRYWJscxYTVOVFJ3VWFHdVJQT0pU,150000');\n"
	"COMMIT;\n";

#define AS_DJANGO(iterations)                                                            \
	"pbkdf2_sha256$" iterations                                                      \
	"$1a5NTRwUaGuRPOJT$fOfvZC/wR2cUSTWbW6YZueGyyDuFqwkoFlcNlRYWJsc="

static void
reads_a_dump_of_glewlwyd(void **state)
{
	(void)state;
	assert_string_equal(
		read_all("glewlwyd", glewlwyd_dump),
		"10 admin <> (The \"Administrator\") [g_admin openid] " AS_DJANGO(
			"1000") "\n"
				"11 bob <> (Bo'b \\) [] " AS_DJANGO(
					"150000") " disabled\n");
}

/* Before 2.5 the password was in g_user. */
static void
reads_an_older_glewlwyd(void **state)
{
	(void)state;
	assert_string_equal(
		read_all("glewlwyd",
			 "INSERT INTO \"g_user\" (gu_id, gu_username, gu_name, gu_email, "
			 "gu_password, gu_enabled) VALUES (7, 'ann', NULL, 'a@b', "
			 "'$2a$06$x', "
			 "1);"),
		"1 ann <a@b> () [] $2a$06$x\n");
}

/* ---- Django ---- */

static void
reads_a_dump_of_django(void **state)
{
	static const char text[] =
		"[\n{\"model\": \"auth.permission\", \"pk\": 3, \"fields\": {\"name\": "
		"\"x\"}},\n"
		"{\"model\": \"auth.user\", \"pk\": 1, \"fields\": {\"password\": "
		"\"pbkdf2_sha256$1$s$h\", \"username\": \"ann\", \"first_name\": "
		"\"A\\\"}\", "
		"\"last_name\": \"B\", \"email\": \"a@b\", \"is_active\": true, "
		"\"groups\": [3]}},\n"
		"{\"model\": \"auth.user\", \"pk\": 2, \"fields\": {\"password\": "
		"\"bcrypt$$2b$05$x\", \"username\": \"bob\", \"is_active\": false, "
		"\"groups\": [[\"staff\"]]}},\n"
		"{\"model\": \"auth.user\", \"pk\": 3, \"fields\": {\"password\": "
		"\"!abc\", "
		"\"username\": \"carl\", \"groups\": [9]}},\n"
		"{\"model\": \"auth.user\", \"pk\": 4, \"fields\": {\"password\": "
		"\"argon2$argon2id$v=19$m\", \"username\": \"dora\"}},\n"
		"{\"model\": \"auth.group\", \"pk\": 3, \"fields\": {\"name\": "
		"\"editors\"}}\n]\n";

	(void)state;
	assert_string_equal(read_all("django", text),
			    "3 ann <a@b> (A\"} B) [editors] pbkdf2_sha256$1$s$h\n"
			    "4 bob <> () [staff] $2b$05$x disabled\n"
			    "5 carl!it is in a group that is not in the dump: dump auth, "
			    "and not auth.user "
			    "alone\n"
			    "6 dora <> () [] $argon2id$v=19$m\n");
}

static void
a_broken_record_of_django_refuses_only_itself(void **state)
{
	(void)state;
	assert_string_equal(
		read_all("django",
			 "[{\"fields\": {\"username\": \"a\", \"username\": \"b\"}},\n"
			 "{\"fields\": {\"username\": \"ann\", \"password\": \"x\", "
			 "\"email\": "
			 "1}}, {\"fields\": {\"username\": \"bob\", \"password\": "
			 "\"x\"}}]"),
		"1 !JSON line 1, byte 39: a name occurs twice\n"
		"2 ann!email, is_active or groups has another type than Django writes\n"
		"2 bob <> () [] x\n");
}

/* ---- what is none ---- */

static void
says_what_is_none_of_that_form(void **state)
{
	static const struct {
		const char *source, *text, *said;
	} all[] = {
		{ "wordpress", "", "no rows of WordPress' table" },
		{ "wordpress", "INSERT INTO `wp_users` VALUES (1,'ann','x",
		  "within a string" },
		{ "wordpress", "INSERT INTO `wp_users` (ID) VALUES (1);", "no rows" },
		{ "glewlwyd", "CREATE TABLE g_user (gu_id INTEGER);", "no rows" },
		{ "glewlwyd", "COPY public.g_user (gu_id) FROM stdin;\n1\n\\.\n",
		  "--inserts" },
		{ "django", "", "no user" },
		{ "django", "[]", "no user" },
		{ "django", "<xml/>", "not what `manage.py dumpdata` writes" },
		{ "django", "[{\"fields\":{}}] x", "not what" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++) {
		const char *said = read_all(all[i].source, all[i].text);

		assert_non_null(strstr(said, "ERROR"));
		assert_non_null(strstr(said, all[i].said));
	}
}

/* The rest of a table is taken if a row has something that cannot be read. */
static void
a_row_with_an_expression_refuses_only_itself(void **state)
{
	(void)state;
	assert_string_equal(
		read_all("glewlwyd", "COPY other (a) FROM stdin;\nINSERT INTO g_user "
				     "VALUES (1);\n\\.\n"
				     "INSERT INTO g_user (gu_id, gu_username, gu_name, "
				     "gu_email, gu_enabled) "
				     "VALUES (1, replace('a','(',char(10)), '', '', 1), "
				     "(2, 'bob', '', '', 1);"),
		"4 !a value that is neither a string nor a number\n4 bob <> () [] \n");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_sources_by_name),
		cmocka_unit_test(reads_htpasswd),
		cmocka_unit_test(reads_json_lines),
		cmocka_unit_test(refuses_json_that_is_no_user),
		cmocka_unit_test(decides_for_each_line_without_a_source),
		cmocka_unit_test(reads_csv_by_its_header),
		cmocka_unit_test(refuses_a_header_that_names_no_users),
		cmocka_unit_test(refuses_rows_that_do_not_fit_and_goes_on),
		cmocka_unit_test(reads_a_dump_of_wordpress),
		cmocka_unit_test(reads_the_csv_of_wp_user_list),
		cmocka_unit_test(reads_a_dump_of_glewlwyd),
		cmocka_unit_test(reads_an_older_glewlwyd),
		cmocka_unit_test(reads_a_dump_of_django),
		cmocka_unit_test(a_broken_record_of_django_refuses_only_itself),
		cmocka_unit_test(says_what_is_none_of_that_form),
		cmocka_unit_test(a_row_with_an_expression_refuses_only_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
