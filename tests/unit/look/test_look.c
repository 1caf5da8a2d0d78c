#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "look/accent.h"
#include "look/look.h"

static char path[] = "/tmp/test_look_XXXXXX";
static const struct look_source more = { { ".wide {\n\tcolor: red;\n}\n", 23 }, "4567" };
static const struct look_source css = { { ":root {\n\tcolor: red;\n}\n", 23 }, "0123" };
static const struct look_source icon = { { "<svg fill=\"#1d5c4c\"/>", 21 }, "4567" };
static struct look look;

static int
setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	look = (struct look){ .logo.url = "" };
	close(fd);
	return fd >= 0 ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	look_close(&look);
	unlink(path);
	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
	return 0;
}

static void
write_logo(const char *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	fclose(f);
}

static bool
contains(struct str text, const char *part)
{
	return memmem(text.p, text.n, part, strlen(part)) != NULL;
}

/* ---- accent ---- */

static void
measures_contrast_as_wcag_defines_it(void **state)
{
	(void)state;
	assert_true(accent_contrast(STR("#000000"), STR("#ffffff")) > 20.99);
	assert_true(accent_contrast(STR("#ffffff"), STR("#ffffff")) < 1.01);
	/* 4.54: the lightest grey that may stand on white */
	assert_true(accent_contrast(STR("#767676"), STR("#ffffff")) > 4.5);
	assert_true(accent_contrast(STR("#777777"), STR("#FFFFFF")) < 4.5);
}

static void
leaves_a_colour_that_can_be_read_as_it_is(void **state)
{
	struct accent a;

	(void)state;
	accent_of(STR("#1d5c4c"), &a);
	assert_string_equal(a.light, "#1d5c4c");
	accent_of(STR("#8FD4B8"), &a);
	assert_string_equal(a.dark, "#8fd4b8");
}

/* Text in it, text on it, in both themes; yellow, white and black are the hard ones. */
static void
every_colour_can_be_read_in_both_themes(void **state)
{
	static const char *const backs[2][4] = {
		{ "#ece7dd", "#fffdf8", "#eedcb9", "#ffffff" },
		{ "#0e1716", "#172221", "#383b2d", "#0b1c16" },
	};
	struct accent a;
	char colour[16];

	(void)state;
	for (unsigned c = 0; c < 512; c++) {
		snprintf(colour, sizeof(colour), "#%02x%02x%02x", (c >> 6) * 255 / 7,
			 (c >> 3 & 7) * 255 / 7, (c & 7) * 255 / 7);
		accent_of(str_of(colour), &a);
		for (size_t i = 0; i < 4; i++) {
			struct str light = str_of(backs[0][i]),
				   dark = str_of(backs[1][i]);

			assert_true(accent_contrast(str_of(a.light), light) >= 4.5);
			assert_true(accent_contrast(str_of(a.light_over), light) >= 4.5);
			assert_true(accent_contrast(str_of(a.dark), dark) >= 4.5);
			assert_true(accent_contrast(str_of(a.dark_over), dark) >= 4.5);
		}
	}
}

/* ---- what is served ---- */

static void
has_an_address_that_changes_with_the_accent(void **state)
{
	struct config c = { .accent = NULL };
	char plain[LOOK_URL_SIZE], door[LOOK_URL_SIZE];

	(void)state;
	assert_int_equal(look_open(&look, &c, &css, &more, &icon, NULL), ERR_OK);
	assert_string_equal(look.stylesheet.url, "/login/doorward-0123.css");
	assert_true(str_is(look.stylesheet.bytes, ":root {color: red;}"));
	memcpy(plain, look.stylesheet.url, sizeof(plain));
	memcpy(door, look.icon.url, sizeof(door));
	assert_ptr_equal(look_find(&look, str_of(plain)), &look.stylesheet);
	assert_string_equal(look.logo.url, "");
	assert_null(look_find(&look, STR("")));
	look_close(&look);

	c.accent = "#aa2200";
	assert_int_equal(look_open(&look, &c, &css, &more, &icon, NULL), ERR_OK);
	assert_null(look_find(&look, str_of(plain)));
	assert_string_not_equal(look.icon.url, door);
	assert_true(contains(look.stylesheet.bytes, ":root{--accent:#aa2200;"));
	assert_true(
		contains(look.stylesheet.bytes, "@media (prefers-color-scheme:dark){"));
	assert_true(contains(look.icon.bytes, "#aa2200"));
	assert_false(contains(look.icon.bytes, "#1d5c4c"));
}

static void
knows_an_image_by_its_first_bytes(void **state)
{
	static const struct {
		struct str bytes;
		const char *type, *suffix;
	} good[] = {
		{ { "\x89PNG\r\n\x1a\n", 8 }, "image/png", ".png" },
		{ { "\xff\xd8\xff\xe0", 4 }, "image/jpeg", ".jpg" },
		{ { "GIF89a", 6 }, "image/gif", ".gif" },
		{ { "RIFF\x24\0\0\0WEBPVP8 ", 16 }, "image/webp", ".webp" },
		{ { "<?xml version=\"1.0\"?>\n<svg/>", 28 }, "image/svg+xml", ".svg" },
		{ { "\xef\xbb\xbf<svg/>", 9 }, "image/svg+xml", ".svg" },
	};
	struct config c = { .logo = path };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		write_logo(good[i].bytes.p, good[i].bytes.n);
		assert_int_equal(look_open(&look, &c, &css, &more, &icon, NULL), ERR_OK);
		assert_string_equal(look.logo_wrong.text, "");
		assert_string_equal(look.logo.type, good[i].type);
		assert_true(str_ends_with(str_of(look.logo.url), str_of(good[i].suffix)));
		assert_ptr_equal(look_find(&look, str_of(look.logo.url)), &look.logo);
		look_close(&look);
	}
}

static void
refuses_a_logo_that_is_no_image(void **state)
{
	static const struct str bad[] = {
		{ "", 0 },
		{ "<html><body>", 12 },
		{ "hello <svg/>", 12 },
		{ "RIFF\x24\0\0\0WAVE", 12 },
		{ "<svg>\xff</svg>", 12 },
		{ "%PDF-1.7", 8 },
	};
	struct config c = { .logo = path };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		write_logo(bad[i].p, bad[i].n);
		assert_int_equal(look_open(&look, &c, &css, &more, &icon, NULL), ERR_OK);
		assert_string_equal(look.logo.url, "");
		assert_non_null(strstr(look.logo_wrong.text, "not an image"));
		look_close(&look);
	}
}

static void
refuses_a_logo_that_is_missing_or_too_large(void **state)
{
	static char large[LOOK_FILE_MAX + 1] = "\x89PNG\r\n\x1a\n";
	struct config c = { .logo = path };

	(void)state;
	write_logo(large, sizeof(large));
	assert_int_equal(look_open(&look, &c, &css, &more, &icon, NULL), ERR_OK);
	assert_string_equal(look.logo.url, "");
	assert_true(str_starts_with(str_of(look.logo_wrong.text), STR("logo: ")));
	look_close(&look);
	write_logo(large, sizeof(large) - 1);
	assert_int_equal(look_open(&look, &c, &css, &more, &icon, NULL), ERR_OK);
	look_close(&look);
	c.logo = "/nonexistent/logo.svg";
	assert_int_equal(look_open(&look, &c, &css, &more, &icon, NULL), ERR_OK);
	assert_non_null(strstr(look.logo_wrong.text, "/nonexistent/logo.svg"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measures_contrast_as_wcag_defines_it),
		cmocka_unit_test(leaves_a_colour_that_can_be_read_as_it_is),
		cmocka_unit_test(every_colour_can_be_read_in_both_themes),
		cmocka_unit_test_setup_teardown(
			has_an_address_that_changes_with_the_accent, setup, teardown),
		cmocka_unit_test_setup_teardown(knows_an_image_by_its_first_bytes, setup,
						teardown),
		cmocka_unit_test_setup_teardown(refuses_a_logo_that_is_no_image, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			refuses_a_logo_that_is_missing_or_too_large, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
