#include "page/agent.h"

struct word {
	const char *sign; /* in the header */
	struct str name;
};

/* The order matters: each browser also claims to be those that follow it. */
static const struct word browsers[] = {
	{ "Edg/", { "Edge", 4 } },
	{ "EdgA/", { "Edge", 4 } },
	{ "EdgiOS/", { "Edge", 4 } },
	{ "OPR/", { "Opera", 5 } },
	{ "Vivaldi/", { "Vivaldi", 7 } },
	{ "SamsungBrowser/", { "Samsung Internet", 16 } },
	{ "Firefox/", { "Firefox", 7 } },
	{ "FxiOS/", { "Firefox", 7 } },
	{ "CriOS/", { "Chrome", 6 } },
	{ "Chrome/", { "Chrome", 6 } },
	{ "Version/", { "Safari", 6 } },
	{ "curl/", { "curl", 4 } },
	{ "Wget/", { "Wget", 4 } },
	{ "python-requests/", { "Python", 6 } },
};

static const struct word systems[] = {
	{ "iPhone", { "iPhone", 6 } },   { "iPad", { "iPad", 4 } },
	{ "Android", { "Android", 7 } }, { "CrOS", { "ChromeOS", 8 } },
	{ "Windows", { "Windows", 7 } }, { "Macintosh", { "Mac", 3 } },
	{ "Linux", { "Linux", 5 } },
};

static struct str
look_up(struct str text, const struct word *words, size_t n)
{
	for (size_t w = 0; w < n; w++) {
		struct str sign = str_of(words[w].sign);

		for (size_t i = 0; i + sign.n <= text.n; i++) {
			if (str_eq(str_sub(text, i, sign.n), sign))
				return words[w].name;
		}
	}
	return STR("");
}

struct agent
agent_read(struct str user_agent)
{
	return (struct agent){
		look_up(user_agent, browsers, sizeof(browsers) / sizeof(*browsers)),
		look_up(user_agent, systems, sizeof(systems) / sizeof(*systems)),
	};
}
