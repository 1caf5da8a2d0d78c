/*
 * Addresses that mails are sent to and from (RFC 5321, 4.1.2): local@domain in ASCII,
 * without quotes, comments, address literals, or anything that a header, a command
 * line or a server could take for something else. Internationalised addresses (RFC
 * 6531) are refused; a domain may be written in its ASCII form (xn--…).
 */
#ifndef MAIL_ADDRESS_H
#define MAIL_ADDRESS_H

#include <stdbool.h>

#include "base/str.h"

#define MAIL_ADDRESS_MAX 254 /* bytes (RFC 5321, 4.5.3.1.3) */
#define MAIL_LOCAL_MAX 64

/* May a mail be sent to `address`? The database accepts every such address. */
bool mail_address_is_valid(struct str address);

/* The part after its @. */
struct str mail_address_domain(struct str address);

#endif
