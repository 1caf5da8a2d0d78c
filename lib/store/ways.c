#include "store/ways.h"

static const struct {
	const char *word;
	enum factors_way way;
} ways[] = { { "totp", FACTORS_TOTP },
	     { "passkey", FACTORS_PASSKEY },
	     { "recovery", FACTORS_RECOVERY } };

#define WAYS (sizeof(ways) / sizeof(*ways))

struct str
factors_way_word(enum factors_way way)
{
	for (size_t i = 0; i < WAYS; i++)
		if (ways[i].way == way)
			return str_of(ways[i].word);
	return STR("setup");
}

unsigned
factors_ways(struct str words)
{
	unsigned set = 0;

	while (words.n > 0) {
		struct str word = str_cut(&words, ' ');

		for (size_t i = 0; i < WAYS; i++)
			if (str_is(word, ways[i].word))
				set |= ways[i].way;
	}
	return set;
}
