/*
 * Every page with the values of its sample, in each language that is compiled in, for
 * test_languages.py:
 *
 *   pages_probe DIRECTORY
 *
 * writes DIRECTORY/LANGUAGE-PAGE.html.
 */
#include <stdio.h>
#include <stdlib.h>

#include "config/config.h"
#include "http/response.h"
#include "page/page.h"
#include "pagecheck/page_sample.h"

static const struct embedded_folder folders[] = {
	{ "login", embedded_share_login },
	{ "account", embedded_share_account },
	{ "admin", embedded_share_admin },
	{ "gate", embedded_share_gate },
	{ "protected", embedded_share_protected },
	{ "oauth", embedded_share_oauth },
	{ NULL },
};

static void
write_page(const char *directory, struct pages *pages, const struct language *language,
	   const struct page_sample *sample)
{
	char path[4096];
	struct response res;
	struct page page;
	struct str body;
	FILE *f;

	response_init(&res);
	page_init(&page, pages, language, sample->name);
	for (size_t i = 0; i < sample->n; i++)
		page.fields[page.n++] = sample->fields[i];
	page_send(&page, 200, &res);
	body = buf_str(&res.body);
	snprintf(path, sizeof(path), "%s/%s-%s.html", directory, language->tag,
		 sample->name);
	if (res.status != 200 || (f = fopen(path, "w")) == NULL)
		exit(1);
	fwrite(body.p, 1, body.n, f);
	fclose(f);
	response_done(&res);
}

int
main(int argc, char **argv)
{
	const struct config config = { .public_url = "https://site.example",
				       .site_name = "Larch & Hill",
				       .help_url = "/help",
				       .imprint_url = "/imprint",
				       .language = "en" };
	static struct pages pages;
	const struct page_sample *sample;

	if (argc != 2 || pages_open(&pages, &config, folders, NULL) != ERR_OK)
		return 1;
	for (size_t l = 0; l < pages.languages.n; l++)
		for (size_t i = 0; (sample = page_sample_at(i)) != NULL; i++)
			write_page(argv[1], &pages, &pages.languages.all[l], sample);
	pages_close(&pages);
	return 0;
}
