#include "config/config_host.h"

struct str
config_host(const struct config *c)
{
	struct str url = str_of(c->public_url);
	struct str host = str_sub(url, str_index(url, '/') + 2, url.n);

	if (str_starts_with(host, STR("[")))
		return str_sub(host, 0, str_index(host, ']') + 1);
	return str_cut(&host, ':');
}

bool
config_is_address(struct str host)
{
	if (str_starts_with(host, STR("[")))
		return true;
	for (size_t i = 0; i < host.n; i++)
		if (host.p[i] != '.' && (host.p[i] < '0' || host.p[i] > '9'))
			return false;
	return true;
}

bool
config_is_below(struct str host, struct str domain)
{
	return str_ends_with(host, domain) &&
	       (host.n == domain.n || host.p[host.n - domain.n - 1] == '.');
}
