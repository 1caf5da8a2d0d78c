/*
 * The addresses of our own programs, for redirects, cookies, rules and templates. They
 * are not configurable, because a site's cookies and rules rely on them.
 */
#ifndef URLS_H
#define URLS_H

#define URL_LOGIN "/login"
#define URL_LOGIN_FRESH "/login?need=fresh&return_to=" /* then the address, escaped */
/* likewise; a session proves a factor here even if it has proven one before */
#define URL_LOGIN_PROVE "/login/mfa?need=factor&return_to="
#define URL_LOGIN_FACTOR "/login/factor"
#define URL_LOGIN_MFA "/login/mfa"
#define URL_LOGIN_TOKEN "/login/token"
#define URL_LOGOUT "/login/logout"
#define URL_GOODBYE "/login/goodbye"
#define URL_HEALTH "/login/health"
#define URL_PASSKEY_BEGIN "/login/passkey/begin"
#define URL_PASSKEY_FINISH "/login/passkey/finish"
#define URL_ACCOUNT "/account"
#define URL_ACCOUNT_END "/account/end"
#define URL_ACCOUNT_PASSWORD "/account/password"
#define URL_ACCOUNT_LINK "/account/link" /* ?token= and a ticket */
#define URL_ACCOUNT_FORGOT "/account/forgot"
#define URL_ACCOUNT_REGISTER "/account/register"
#define URL_ACCOUNT_ADDRESS "/account/address"
#define URL_ACCOUNT_DATA "/account/data"
#define URL_ACCOUNT_DELETE "/account/delete"
#define URL_ACCOUNT_PROFILE "/account/profile"
#define URL_ACCOUNT_FACTORS "/account/factors"
#define URL_ACCOUNT_FACTOR "/account/factor" /* ?id= */
#define URL_ACCOUNT_TOKENS "/account/tokens"
#define URL_ACCOUNT_APPS "/account/apps"
#define URL_ADMIN "/admin"
#define URL_ADMIN_PEOPLE "/admin/people"
#define URL_ADMIN_PEOPLE_ADD "/admin/people/add"
#define URL_ADMIN_PEOPLE_INVITE "/admin/people/invite"
#define URL_ADMIN_PEOPLE_CSV "/admin/people.csv" /* ?q=&role=&state= */
#define URL_ADMIN_PEOPLE_IMPORT "/admin/people/import"
#define URL_ADMIN_PEOPLE_MANY "/admin/people/many"
#define URL_ADMIN_PERSON "/admin/person" /* ?name= */
#define URL_ADMIN_INVITATIONS "/admin/invitations"
#define URL_ADMIN_INVITATIONS_CSV "/admin/invitations.csv"
#define URL_ADMIN_ROLES "/admin/roles"
#define URL_ADMIN_ROLES_CSV "/admin/roles.csv"
#define URL_ADMIN_ROLES_EXPLAIN "/admin/roles/explain" /* ?person=&address=&method= */
#define URL_ADMIN_AUDIT "/admin/audit" /* ?person=&event=&since=&until=&before= */
#define URL_ADMIN_AUDIT_CSV "/admin/audit.csv"
#define URL_ADMIN_LOGINS "/admin/logins"
#define URL_ADMIN_LOGINS_CSV "/admin/logins.csv"
#define URL_ADMIN_THROTTLED "/admin/throttled"
#define URL_ADMIN_THROTTLED_CSV "/admin/throttled.csv"
#define URL_ADMIN_STATUS "/admin/status"
#define URL_ADMIN_MAIL "/admin/mail"
#define URL_OAUTH "/oauth"
#define URL_OAUTH_AUTHORIZE "/oauth/authorize" /* the request, or ?id= of a stored one */
#define URL_OAUTH_CONSENT "/oauth/consent"
#define URL_OAUTH_TOKEN "/oauth/token"
#define URL_OAUTH_USERINFO "/oauth/userinfo"
#define URL_OAUTH_REVOKE "/oauth/revoke"
#define URL_OAUTH_END_SESSION "/oauth/end-session"

/* Those that templates may name: {{url:login_logout}} is the path with "_" for "/" and "-". */
#define URLS_OF_TEMPLATES(X)                                                             \
	X("account", URL_ACCOUNT)                                                        \
	X("account_address", URL_ACCOUNT_ADDRESS)                                        \
	X("account_apps", URL_ACCOUNT_APPS)                                              \
	X("account_data", URL_ACCOUNT_DATA)                                              \
	X("account_delete", URL_ACCOUNT_DELETE)                                          \
	X("account_end", URL_ACCOUNT_END)                                                \
	X("account_factor", URL_ACCOUNT_FACTOR)                                          \
	X("account_factors", URL_ACCOUNT_FACTORS)                                        \
	X("account_forgot", URL_ACCOUNT_FORGOT)                                          \
	X("account_link", URL_ACCOUNT_LINK)                                              \
	X("account_password", URL_ACCOUNT_PASSWORD)                                      \
	X("account_profile", URL_ACCOUNT_PROFILE)                                        \
	X("account_register", URL_ACCOUNT_REGISTER)                                      \
	X("account_tokens", URL_ACCOUNT_TOKENS)                                          \
	X("admin", URL_ADMIN)                                                            \
	X("admin_audit", URL_ADMIN_AUDIT)                                                \
	X("admin_people_import", URL_ADMIN_PEOPLE_IMPORT)                                \
	X("admin_invitations", URL_ADMIN_INVITATIONS)                                    \
	X("admin_logins", URL_ADMIN_LOGINS)                                              \
	X("admin_mail", URL_ADMIN_MAIL)                                                  \
	X("admin_people_many", URL_ADMIN_PEOPLE_MANY)                                    \
	X("admin_people", URL_ADMIN_PEOPLE)                                              \
	X("admin_people_add", URL_ADMIN_PEOPLE_ADD)                                      \
	X("admin_people_invite", URL_ADMIN_PEOPLE_INVITE)                                \
	X("admin_person", URL_ADMIN_PERSON)                                              \
	X("admin_roles", URL_ADMIN_ROLES)                                                \
	X("admin_roles_explain", URL_ADMIN_ROLES_EXPLAIN)                                \
	X("admin_status", URL_ADMIN_STATUS)                                              \
	X("admin_throttled", URL_ADMIN_THROTTLED)                                        \
	X("login", URL_LOGIN)                                                            \
	X("login_factor", URL_LOGIN_FACTOR)                                              \
	X("login_logout", URL_LOGOUT)                                                    \
	X("login_mfa", URL_LOGIN_MFA)                                                    \
	X("login_passkey_begin", URL_PASSKEY_BEGIN)                                      \
	X("login_passkey_finish", URL_PASSKEY_FINISH)                                    \
	X("login_token", URL_LOGIN_TOKEN)                                                \
	X("oauth_consent", URL_OAUTH_CONSENT)                                            \
	X("oauth_end_session", URL_OAUTH_END_SESSION)

#endif
