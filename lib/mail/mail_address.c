#include "mail/mail_address.h"

#define LABEL_MAX 63

static bool
is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Printable characters, without those that need quotes in a local part. */
static bool
is_local(struct str local)
{
	static const struct str special = { "\"(),:;<>@[\\]", 11 };

	if (local.n == 0 || local.n > MAIL_LOCAL_MAX || local.p[0] == '-')
		return false;
	for (size_t i = 0; i < local.n; i++)
		if (local.p[i] <= ' ' || local.p[i] > '~' ||
		    str_index(special, local.p[i]) < special.n)
			return false;
	return true;
}

/* Letters, digits, and hyphens within (RFC 1123, 2.1). */
static bool
is_label(struct str label)
{
	if (label.n == 0 || label.n > LABEL_MAX || !is_alphanumeric(label.p[0]) ||
	    !is_alphanumeric(label.p[label.n - 1]))
		return false;
	for (size_t i = 0; i < label.n; i++)
		if (!is_alphanumeric(label.p[i]) && label.p[i] != '-')
			return false;
	return true;
}

static bool
is_domain(struct str domain)
{
	if (domain.n == 0 || domain.p[domain.n - 1] == '.')
		return false;
	while (domain.n > 0)
		if (!is_label(str_cut(&domain, '.')))
			return false;
	return true;
}

struct str
mail_address_domain(struct str address)
{
	return str_sub(address, str_index(address, '@') + 1, address.n);
}

bool
mail_address_is_valid(struct str address)
{
	size_t at = str_index(address, '@');

	return address.n <= MAIL_ADDRESS_MAX && at < address.n &&
	       is_local(str_sub(address, 0, at)) &&
	       is_domain(mail_address_domain(address));
}
