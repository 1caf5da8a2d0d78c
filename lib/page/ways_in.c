#include "page/ways_in.h"

#include "config/config.h"

bool
ways_in_forgot(const struct config *config)
{
	return config_has_mail(config);
}

bool
ways_in_register(const struct config *config)
{
	return config->registration == REGISTRATION_OPEN && config_has_mail(config);
}

bool
ways_in_invited(const struct config *config)
{
	return config->registration != REGISTRATION_CLOSED;
}
