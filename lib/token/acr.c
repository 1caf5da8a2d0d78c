#include "token/acr.h"

static const char *const names[] = {
	[ACR_NONE] = "",
	[ACR_1FA] = "1fa",
	[ACR_2FA] = "2fa",
	[ACR_PHR] = "phr",
};

enum acr
acr_of_amr(struct str amr)
{
	enum acr acr = ACR_1FA;

	while (amr.n > 0) {
		struct str word = str_cut(&amr, ' ');

		if (str_is(word, "hwk") || str_is(word, "swk"))
			return ACR_PHR;
		if (str_is(word, "mfa"))
			acr = ACR_2FA;
	}
	return acr;
}

enum acr
acr_find(struct str text)
{
	for (enum acr acr = ACR_1FA; acr <= ACR_PHR; acr++)
		if (str_is(text, names[acr]))
			return acr;
	return ACR_NONE;
}

const char *
acr_text(enum acr acr)
{
	return names[acr];
}
