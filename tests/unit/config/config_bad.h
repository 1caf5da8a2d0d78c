/* Settings that must be refused, and how. */
#ifndef CONFIG_BAD_H
#define CONFIG_BAD_H

#define SITE "public_url = https://example.org\n"
#define LOCAL "public_url = http://localhost:8080\n"

/* Each bad text with the complaint about it, after the file's name. */
static const struct {
	const char *text, *complaint;
} bad[] = {
	{ "", ": public_url is missing; add a line: public_url = https://example.org" },
	{ "\n# public_url = https://example.org\n",
	  ": public_url is missing; add a line: public_url = https://example.org" },
	{ SITE "token_lief = 10m\n",
	  ":2: unknown setting token_lief; did you mean token_life?" },
	{ SITE "pubic_url = 1\n",
	  ":2: unknown setting pubic_url; did you mean public_url?" },
	{ SITE "colour = red\n",
	  ":2: unknown setting colour; `doorward config list` names them all" },
	{ SITE "accent = red\n",
	  ":2: accent: expected # and six hexadecimal digits, such as #1d5c4c" },
	{ SITE "accent = #12345\n",
	  ":2: accent: expected # and six hexadecimal digits, such as #1d5c4c" },
	{ SITE "accent = #1d5c4g\n",
	  ":2: accent: expected # and six hexadecimal digits, such as #1d5c4c" },
	{ SITE "accent = 1d5c4c7\n",
	  ":2: accent: expected # and six hexadecimal digits, such as #1d5c4c" },
	{ SITE "help_url = javascript:alert(1)\n",
	  ":2: help_url: expected https:// and a host, a path of this site such as "
	  "/help, "
	  "or mailto: and an address" },
	{ SITE "imprint_url = //evil.example\n",
	  ":2: imprint_url: expected https:// and a host, a path of this site such as "
	  "/help, or mailto: and an address" },
	{ SITE "help_url = help.html\n", ":2: help_url: expected https:// and a host, a "
					 "path of this site such as /help, "
					 "or mailto: and an address" },
	{ SITE "help_url = /a b\n", ":2: help_url: a link has no spaces, no backslashes "
				    "and only ASCII characters" },
	{ SITE "help_url = /\\evil.example\n", ":2: help_url: a link has no spaces, no "
					       "backslashes and only ASCII characters" },
	{ SITE "help_url = mailto:help\n",
	  ":2: help_url: expected an address after mailto:" },
	{ SITE "time_zone = ../../etc/passwd\n",
	  ":2: time_zone: expected a name of the tz database, such as Europe/Berlin" },
	{ SITE "time_zone = /Europe/Berlin\n",
	  ":2: time_zone: expected a name of the tz database, such as Europe/Berlin" },
	{ SITE "logo =\n", ":2: logo: a value is missing" },
	{ SITE "\nToken_life = 10m\n",
	  ":3: expected a name of a-z, 0-9, _, - and . before the equals sign" },
	{ SITE "token_life\n", ":2: expected `name = value`" },
	{ SITE " # indented\n", ":2: expected `name = value`" },
	{ SITE "= 1\n",
	  ":2: expected a name of a-z, 0-9, _, - and . before the equals sign" },
	{ SITE "token life = 1\n",
	  ":2: expected a name of a-z, 0-9, _, - and . before the equals sign" },
	{ SITE "site_name = a\nsite_name = b\n",
	  ":3: site_name was set in line 2 already; take one of the lines out" },
	{ SITE SITE,
	  ":2: public_url was set in line 1 already; take one of the lines out" },
	{ SITE "site_name =\n", ":2: site_name: a value is missing" },
	{ SITE "site_name = a\001b\n", ":2: a control character in the value" },
	{ SITE "site_name = a\rb\n", ":2: a control character in the value" },
	{ SITE "site_name = a\xc2\x9b"
	       "b\n",
	  ":2: a control character in the value" },
	{ SITE "site_name = \377\n", ":2: not UTF-8; save the file as UTF-8" },
	{ "\357\273\277" SITE,
	  ":1: the file starts with a byte order mark; save it as UTF-8 without BOM" },
	{ "\377\376p", ":1: the file is UTF-16; save it as UTF-8" },
	/* origins */
	{ "public_url = example.org\n", ":1: public_url: expected https:// or http:// "
					"and a host, as in https://example.org" },
	{ "public_url = ftp://example.org\n",
	  ":1: public_url: expected https:// or http:// and a host, as in "
	  "https://example.org" },
	{ "public_url = https://\n", ":1: public_url: expected https:// or http:// and a "
				     "host, as in https://example.org" },
	{ "public_url = https://example.org/\n",
	  ":1: public_url: expected nothing after the host and port, not even a slash" },
	{ "public_url = https://example.org?x\n",
	  ":1: public_url: expected nothing after the host and port, not even a slash" },
	{ "public_url = https://a b\n",
	  ":1: public_url: expected nothing after the host and port, not even a slash" },
	{ "public_url = https://Example.org\n",
	  ":1: public_url: write the host in lower case, as browsers do" },
	{ "public_url = https://example.org:443\n",
	  ":1: public_url: leave out the port that the scheme implies, as browsers do" },
	{ "public_url = https://example.org:0\n",
	  ":1: public_url: expected a port from 1 to 65535 after the colon" },
	{ "public_url = https://example.org:\n",
	  ":1: public_url: expected a port from 1 to 65535 after the colon" },
	{ "public_url = https://user@example.org\n",
	  ":1: public_url: leave out the user name" },
	{ "public_url = https://ex_ample.org\n",
	  ":1: public_url: a character that no host name has (write xn--… for others)" },
	{ "public_url = https://m\303\274nchen.example\n",
	  ":1: public_url: a character that no host name has (write xn--… for others)" },
	{ "public_url = https://example..org\n",
	  ":1: public_url: a host name neither starts nor ends with a dot, and has no "
	  "two "
	  "in a row" },
	{ "public_url = https://example.org.\n",
	  ":1: public_url: a host name neither starts nor ends with a dot, and has no "
	  "two "
	  "in a row" },
	{ "public_url = https://[::1\n", ":1: public_url: expected an IPv6 address "
					 "between brackets, in its shortest form" },
	{ "public_url = https://[::0001]\n", ":1: public_url: expected an IPv6 address "
					     "between brackets, in its shortest form" },
	{ "public_url = https://[:::]\n", ":1: public_url: expected an IPv6 address "
					  "between brackets, in its shortest form" },
	{ "public_url = https://[]\n", ":1: public_url: expected an IPv6 address between "
				       "brackets, in its shortest form" },
	{ "public_url = https://[::1]8080\n",
	  ":1: public_url: expected a colon and a port after the host" },
	{ SITE "return_to_origins = https://a.example https://b.example/\n",
	  ":2: return_to_origins: expected nothing after the host and port, not even a "
	  "slash" },
	{ SITE "trusted_proxies = 10.0.0.1 10.0.0.0/33\n",
	  ":2: trusted_proxies: expected 0 to 32, of IPv6 to 128, bits after the slash" },
	{ SITE "trusted_proxies = ::1/x\n",
	  ":2: trusted_proxies: expected 0 to 32, of IPv6 to 128, bits after the slash" },
	{ SITE "trusted_proxies = 10.0.0/8\n",
	  ":2: trusted_proxies: expected an IPv4 or IPv6 address, or a network such as "
	  "10.0.0.0/8" },
	{ SITE "trusted_proxies = proxy.example\n",
	  ":2: trusted_proxies: expected an IPv4 or IPv6 address, or a network such as "
	  "10.0.0.0/8" },
	/* numbers */
	{ SITE "token_life = ten\n",
	  ":2: token_life: expected seconds or a number with s, m, h or d" },
	{ SITE "token_life = m\n",
	  ":2: token_life: expected seconds or a number with s, m, h or d" },
	{ SITE "token_life = 1.5h\n",
	  ":2: token_life: expected seconds or a number with s, m, h or d" },
	{ SITE "token_life = 10 m\n",
	  ":2: token_life: expected seconds or a number with s, m, h or d" },
	{ SITE "token_life = -5m\n",
	  ":2: token_life: expected seconds or a number with s, m, h or d" },
	{ SITE "token_life = 5s\n", ":2: token_life: expected 60 to 86400 seconds" },
	{ SITE "token_life = 99999999999999999d\n",
	  ":2: token_life: expected 60 to 86400 seconds" },
	{ SITE "password_memory = 1k\n",
	  ":2: password_memory: expected 8388608 to 1073741824 bytes" },
	{ SITE "password_memory = 19MB\n",
	  ":2: password_memory: expected bytes or a number with k, M or G" },
	{ SITE "password_time = 0\n", ":2: password_time: expected 1 to 32" },
	{ SITE "password_time = 02\n", ":2: password_time: expected a number" },
	/* words */
	{ SITE "plain_http = yes\n", ":2: plain_http: expected on or off" },
	{ SITE "plain_http = On\n", ":2: plain_http: expected on or off" },
	{ SITE "log_level = loud\n",
	  ":2: log_level: expected one of: debug info warn error" },
	{ SITE "token_header = X Token\n",
	  ":2: token_header: expected a header name of letters, digits and hyphens" },
	{ SITE "token_header = Cookie\n",
	  ":2: token_header: this header has a meaning of its own; choose another" },
	{ SITE "token_header = AUTHORIZATION\n",
	  ":2: token_header: this header has a meaning of its own; choose another" },
	/* the database */
	{ SITE "database = host=/run/postgresql password=x\n",
	  ":2: database: a password does not belong into this file; name a file with "
	  "passfile=" },
	{ SITE "database = password = x\n",
	  ":2: database: a password does not belong into this file; name a file with "
	  "passfile=" },
	{ SITE "database = dbname='a\\' b' sslpassword=x\n",
	  ":2: database: a password does not belong into this file; name a file with "
	  "passfile=" },
	{ SITE "database_login = postgresql://u:p@host/db\n",
	  ":2: database_login: expected keyword=value words such as "
	  "`host=/run/postgresql dbname=site`, not a URL" },
	{ SITE "database = site\n",
	  ":2: database: expected keyword=value words separated by spaces" },
	{ SITE "database = dbname='site\n",
	  ":2: database: a quote or backslash that is not finished" },
	{ SITE "database = dbname=site\\\n",
	  ":2: database: a quote or backslash that is not finished" },
	/* issuers */
	{ SITE "issuer.kc.color = x\n", ":2: unknown setting issuer.kc.color; "
					"`doorward config list` names them all" },
	{ SITE "issuer.url = x\n",
	  ":2: unknown setting issuer.url; give the issuer a name: "
	  "issuer.NAME.url" },
	{ SITE "issuer.kc.url = a\nissuer.kc.url = b\n",
	  ":3: issuer.kc.url was set in line 2 already; "
	  "take one of the lines out" },
	{ SITE "issuer.kc.url = a\nissuer.kc.keys = k\n",
	  ": issuer.kc.audience is missing; add a line: issuer.kc.audience = "
	  "https://example.org" },
	{ SITE "issuer.a.url = https://example.org\nissuer.a.audience = x\n"
	       "issuer.a.keys = k\n",
	  ": issuer.a.url is our own issuer; its keys could then name our users" },
	{ SITE "issuer.a.url = u\nissuer.a.audience = x\nissuer.a.keys = k\n"
	       "issuer.a.roles = editor\n",
	  ": issuer.a.roles should be theirs:ours, not editor" },
	{ SITE "issuer.a.url = u\nissuer.a.audience = x\nissuer.a.keys = k\n"
	       "issuer.b.url = u\nissuer.b.audience = x\nissuer.b.keys = k\n",
	  ": issuer.b.url is the same as issuer.a.url" },
	/* together */
	{ "public_url = http://example.org\n",
	  ":1: public_url is http:// although plain_http is off; use https://, or turn "
	  "plain_http on and accept what it says" },
	{ "public_url = http://localhost.example.org\n",
	  ":1: public_url is http:// although plain_http is off; use https://, or turn "
	  "plain_http on and accept what it says" },
	{ SITE "plain_http = on\n",
	  ":2: plain_http is on although public_url is https://; turn it off" },
	{ SITE "cookie_domain = ample.org\n",
	  ":2: cookie_domain is not the end of the host in public_url, "
	  "example.org" },
	{ SITE "cookie_domain = www.example.org\n",
	  ":2: cookie_domain is not the end of the host in public_url, "
	  "example.org" },
	{ SITE "cookie_domain = org\n",
	  ":2: cookie_domain is a top-level domain, for which browsers refuse "
	  "cookies" },
	{ SITE "cookie_domain = .example.org\n",
	  ":2: cookie_domain: a host name neither starts nor ends with a dot, and has no "
	  "two in a row" },
	{ SITE "factor_required = all admin\n",
	  ":2: factor_required has all and other words; all stands alone" },
	{ SITE "factor_required = admin, staff\n",
	  ":2: factor_required has admin,, which is no role" },
	{ SITE "factor_required = all\nfactor_required_from = 2027-02-29\n",
	  ":3: factor_required_from: expected a day such as 2027-01-31" },
	{ SITE "factor_required = all\nfactor_required_from = 2027-13-01\n",
	  ":3: factor_required_from: expected a day such as 2027-01-31" },
	{ SITE "factor_required = all\nfactor_required_from = 2027-00-10\n",
	  ":3: factor_required_from: expected a day such as 2027-01-31" },
	{ SITE "factor_required = all\nfactor_required_from = 2027-1-5\n",
	  ":3: factor_required_from: expected a day such as 2027-01-31" },
	{ SITE "factor_required = all\nfactor_required_from = 31.01.2027\n",
	  ":3: factor_required_from: expected a day such as 2027-01-31" },
	{ SITE "factor_required = all\nfactor_required_from = 2027-01-31T12:00Z\n",
	  ":3: factor_required_from: expected a day such as 2027-01-31" },
	{ SITE "factor_required = all\nfactor_required_from = tomorrow\n",
	  ":3: factor_required_from: expected a day such as 2027-01-31" },
	{ "public_url = https://192.0.2.1\nfactor_required = all\n",
	  ":2: factor_required is set, but nobody could set a factor up: factor_keys is "
	  "missing, and public_url has an address, and passkeys belong to a host name" },
	{ SITE "factor_required_from = 2027-01-31\n",
	  ":2: factor_required_from is set although factor_required is empty" },
	{ SITE "passkey_rp_id = example.net\n",
	  ":2: passkey_rp_id is neither the host of public_url nor a domain above it" },
	{ SITE "passkey_rp_id = ample.org\n",
	  ":2: passkey_rp_id is neither the host of public_url nor a domain above it" },
	{ SITE "passkey_rp_id = www.example.org\n",
	  ":2: passkey_rp_id is neither the host of public_url nor a domain above it" },
	{ SITE "passkey_rp_id = org\n", ":2: passkey_rp_id is a top-level domain, for "
					"which browsers make no passkeys" },
	{ SITE "passkey_rp_id = https://example.org\n",
	  ":2: passkey_rp_id: a character that no host name has (write xn--… for "
	  "others)" },
	{ "public_url = https://192.0.2.1\npasskey_rp_id = 192.0.2.1\n",
	  ":2: passkey_rp_id makes no sense where public_url is an address" },
	{ "public_url = https://[::1]\npasskey_rp_id = example.org\n",
	  ":2: passkey_rp_id makes no sense where public_url is an address" },
	{ "public_url = http://example.org\nplain_http = on\n"
	  "passkey_rp_id = example.org\n",
	  ":3: passkey_rp_id makes no sense where public_url is http://" },
	{ "public_url = https://192.0.2.1\npasskey_origins = https://192.0.2.1\n",
	  ":2: passkey_origins are set although public_url has an address, and passkeys "
	  "belong to a host name" },
	{ SITE "passkey_origins = https://www.example.org\n",
	  ":2: passkey_origins lacks public_url, https://example.org" },
	{ SITE "passkey_origins = https://example.org https://example.net\n",
	  ":2: passkey_origins has https://example.net, which is not an origin of "
	  "passkey_rp_id or below it" },
	{ SITE "passkey_origins = https://example.org http://www.example.org\n",
	  ":2: passkey_origins has http://www.example.org, which is http://, where "
	  "browsers make no passkeys" },
	{ SITE "passkey_origins = https://example.org https://www.example.org/\n",
	  ":2: passkey_origins: expected nothing after the host and port, not even a "
	  "slash" },
	{ "public_url = https://192.0.2.1\ncookie_domain = 2.1\n",
	  ":2: cookie_domain makes no sense where public_url is an address" },
	{ SITE "token_life = 2h\n",
	  ": browser_token_life is shorter than token_life; it is the longer one" },
	{ SITE "session_idle = 200d\n", ": session_life is shorter than session_idle" },
	{ SITE "token_encryption = on\n",
	  ":2: token_encryption is on although encryption_keys is missing" },
	{ SITE "cors_credentials = on\n",
	  ":2: cors_credentials is on although cors_origins is empty" },
};

#endif
