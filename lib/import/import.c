#include "import/import.h"

#include "import/import_parts.h"

const char import_names[] = "jsonl, csv, htpasswd, wordpress, django or glewlwyd";

const struct import_source *
import_find(struct str name)
{
	/* without a name: what `lines` decides for each line */
	static const struct import_source sources[] = {
		{ "", import_lines },
		{ "jsonl", import_jsonl },
		{ "csv", import_csv },
		{ "htpasswd", import_htpasswd },
		{ "wordpress", import_wordpress },
		{ "django", import_django },
		{ "glewlwyd", import_glewlwyd },
	};

	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++)
		if (str_is(name, sources[i].name))
			return &sources[i];
	return NULL;
}
