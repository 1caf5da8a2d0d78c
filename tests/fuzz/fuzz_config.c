/* The settings file: no input may crash, leak or hang its reader. */
#include <stddef.h>
#include <stdint.h>

#include "config/config_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct buf problems, shown;
	struct config c;

	buf_init(&problems, 1024 * 1024);
	buf_init(&shown, 1024 * 1024);
	config_read_text("/etc/doorward/doorward.conf", text, &c, &problems);
	for (const struct setting *s = config_table; s->name != NULL; s++)
		setting_show(s, &c, &shown);
	config_done(&c);
	buf_done(&shown);
	buf_done(&problems);
	return 0;
}
