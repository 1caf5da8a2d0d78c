#include "page/by_phrase.h"

const char *
by_phrase(struct str amr)
{
	static const char *const phrases[] = {
		NULL,
		"account.by.password",
		"account.by.code",
		"account.by.password_code",
		"account.by.passkey",
		"account.by.password_passkey",
		"account.by.passkey_code",
		"account.by.all",
	};
	unsigned what = 0;

	while (amr.n > 0) {
		struct str word = str_cut(&amr, ' ');

		if (str_is(word, "pwd"))
			what |= 1;
		else if (str_is(word, "otp"))
			what |= 2;
		else if (str_is(word, "hwk") || str_is(word, "swk"))
			what |= 4;
	}
	return phrases[what];
}
