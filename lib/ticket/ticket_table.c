#include "ticket/ticket.h"

#define DAY INT64_C(86400)
#define MINUTE INT64_C(60)
#define UUID 16

/*
 * The columns of struct ticket_row. The lives of links are those of link_kind in SQL.
 */
static const struct ticket_row table[TICKET_KINDS] = {
	[TICKET_REFRESH] = { "refresh", "dwr_", TICKET_HASHED, TICKET_RANDOM, 0, 0, true,
			     "a session", "session_refresh" },
	/* the user, the version, the time, a nonce: people/device.h */
	[TICKET_DEVICE] = { "device", "dwd_", TICKET_SEALED, 44, 20, TICKET_DEVICE_LIFE,
			    false, "a user and their device_version", "login_begin" },
	/* the time: access/csrf.h */
	[TICKET_FORM] = { "form", "dwf_", TICKET_SEALED, 8, 0, TICKET_FORM_LIFE, false,
			  "a form, and a browser or a session", NULL },
	[TICKET_FLOW] = { "flow", "dwl_", TICKET_HASHED, TICKET_RANDOM, 0, 10 * MINUTE,
			  true, "a user whose password was right", "flow_open" },
	/* a nonce, the time: passkey/challenge.h */
	[TICKET_CHALLENGE] = { "challenge", "dwc_", TICKET_SEALED, 24, 16,
			       TICKET_CHALLENGE_LIFE, true, "a browser", "passkey_open" },
	[TICKET_SETUP] = { "setup", "dws_", TICKET_HASHED, TICKET_RANDOM, 0, 3 * DAY,
			   true, "a site without users", "link_use" },
	[TICKET_INVITE] = { "invite", "dwi_", TICKET_DERIVED, UUID, 0, 7 * DAY, true,
			    "a link that may have several uses", "link_use" },
	[TICKET_VERIFY] = { "verify", "dwv_", TICKET_DERIVED, UUID, 0, DAY, true,
			    "a user and an address", "link_use" },
	[TICKET_RESET] = { "reset", "dwp_", TICKET_DERIVED, UUID, 0, 30 * MINUTE, true,
			   "a user and their password_version", "link_use" },
	[TICKET_CHANGE_ADDRESS] = { "change-address", "dwa_", TICKET_DERIVED, UUID, 0,
				    DAY, true, "a user and the new address", "link_use" },
	[TICKET_UNDO_ADDRESS] = { "undo-address", "dwu_", TICKET_DERIVED, UUID, 0,
				  7 * DAY, true, "a user and the old address",
				  "link_use" },
	[TICKET_FACTOR] = { "factor", "dwk_", TICKET_DERIVED, UUID, 0, 30 * MINUTE, true,
			    "a user and their password_version", "flow_by_link" },
	[TICKET_RESET_SHOWN] = { "reset-shown", "dwh_", TICKET_HASHED, TICKET_RANDOM, 0,
				 30 * MINUTE, true, "a user and their password_version",
				 "link_use" },
	[TICKET_WELCOME] = { "welcome", "dwn_", TICKET_DERIVED, UUID, 0, 7 * DAY, true,
			     "a user and their password_version", "link_use" },
	/* of the OpenID provider: an authorization code (RFC 6749, 4.1.2) */
	[TICKET_CODE] = { "code", "dwo_", TICKET_HASHED, TICKET_RANDOM, 0, MINUTE, true,
			  "a client, a redirect URI and a verifier", "oauth_code_use" },
	[TICKET_CLIENT_REFRESH] = { "client-refresh", "dwg_", TICKET_HASHED,
				    TICKET_RANDOM, 0, 0, true, "a client and a grant",
				    "oauth_refresh" },
	[TICKET_CLIENT_SECRET] = { "client-secret", "dwx_", TICKET_HASHED, TICKET_RANDOM,
				   0, 0, false, "a client", "oauth_code_use" },
};

const struct ticket_row *
ticket_row(enum ticket_kind kind)
{
	return (unsigned)kind < TICKET_KINDS ? &table[kind] : NULL;
}
