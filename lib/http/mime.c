#include "http/mime.h"

#include "base/file.h"

#define TABLE_MAX (256 * 1024)

static const char own_table[] =
	"text/html html htm\n"
	"text/plain txt log md\n"
	"text/css css\n"
	"text/csv csv\n"
	"text/javascript js mjs\n"
	"application/json json map\n"
	"application/xml xml\n"
	"application/pdf pdf\n"
	"application/zip zip\n"
	"application/gzip gz tgz\n"
	"application/wasm wasm\n"
	"application/manifest+json webmanifest\n"
	"image/png png\n"
	"image/jpeg jpg jpeg\n"
	"image/gif gif\n"
	"image/webp webp\n"
	"image/avif avif\n"
	"image/svg+xml svg\n"
	"image/vnd.microsoft.icon ico\n"
	"font/woff woff\n"
	"font/woff2 woff2\n"
	"audio/mpeg mp3\n"
	"audio/ogg ogg oga\n"
	"video/mp4 mp4 m4v\n"
	"video/webm webm\n"
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document docx\n"
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx\n"
	"application/vnd.oasis.opendocument.text odt\n";

void
mime_open(struct mime *m, const char *path)
{
	buf_init(&m->table, TABLE_MAX);
	file_read(path, TABLE_MAX, &m->table, NULL, NULL); /* if reading fails, the
							    * table stays empty */
}

void
mime_close(struct mime *m)
{
	buf_done(&m->table);
}

static struct str
next_word(struct str *line)
{
	size_t n = 0;
	struct str word;

	*line = str_trim(*line);
	while (n < line->n && line->p[n] != ' ' && line->p[n] != '\t')
		n++;
	word = str_sub(*line, 0, n);
	*line = str_sub(*line, n, line->n);
	return word;
}

static bool
find_in(struct str table, struct str extension, struct str *type)
{
	while (table.n > 0) {
		struct str line = str_cut(&table, '\n'), word;

		*type = next_word(&line);
		if (type->n == 0 || type->p[0] == '#' || str_has_control(*type))
			continue;
		while ((word = next_word(&line)).n > 0)
			if (str_eq_nocase(word, extension))
				return true;
	}
	return false;
}

struct str
mime_find(const struct mime *m, struct str name)
{
	size_t dot = name.n;
	struct str extension, type;

	while (dot > 0 && name.p[dot - 1] != '.' && name.p[dot - 1] != '/')
		dot--;
	extension = str_sub(name, dot, name.n);
	if (dot < 2 || name.p[dot - 1] != '.' || extension.n == 0 ||
	    str_has_control(extension))
		return STR("application/octet-stream");
	if (find_in(buf_str(&m->table), extension, &type) ||
	    find_in(STR(own_table), extension, &type))
		return type;
	return STR("application/octet-stream");
}
