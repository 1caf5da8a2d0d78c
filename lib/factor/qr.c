#include "factor/qr.h"

#include <qrcodegen/qrcodegen.h>
#include <string.h>

#include "crypto/secret.h"

#define VERSION_MAX 28 /* the smallest that holds QR_TEXT_MAX bytes at level M */

struct canvas {
	uint8_t work[qrcodegen_BUFFER_LEN_FOR_VERSION(VERSION_MAX)];
	uint8_t code[qrcodegen_BUFFER_LEN_FOR_VERSION(VERSION_MAX)];
};

/* One rectangle for each run of dark modules in a row. */
static void
put_row(const uint8_t *code, int size, int y, struct buf *path)
{
	for (int x = 0; x < size; x++) {
		int from = x;

		while (x < size && qrcodegen_getModule(code, x, y))
			x++;
		if (x > from)
			buf_addf(path, "M%d %dh%dv1h-%dz", from + QR_QUIET, y + QR_QUIET,
				 x - from, x - from);
	}
}

enum err
qr_path(struct str text, struct buf *path, int *side)
{
	struct canvas c = { { 0 }, { 0 } };
	bool made;
	int size;

	*side = 0;
	if (text.n > QR_TEXT_MAX)
		return ERR_LIMIT;
	memcpy(c.work, text.p, text.n);
	made = qrcodegen_encodeBinary(c.work, text.n, c.code, qrcodegen_Ecc_MEDIUM,
				      qrcodegen_VERSION_MIN, VERSION_MAX,
				      qrcodegen_Mask_AUTO, true);
	if (made) {
		size = qrcodegen_getSize(c.code);
		*side = size + 2 * QR_QUIET;
		for (int y = 0; y < size; y++)
			put_row(c.code, size, y, path);
	}
	secret_wipe(&c, sizeof(c));
	if (!made)
		return ERR_LIMIT;
	return path->failed ? ERR_MEMORY : ERR_OK;
}
