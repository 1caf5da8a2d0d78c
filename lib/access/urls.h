/*
 * The addresses of our own programs, as redirects, cookies, rules and templates name
 * them. Where they are mounted is not a setting: cookies and rules of a site rely on it.
 */
#ifndef URLS_H
#define URLS_H

#define URL_LOGIN "/login"
#define URL_LOGIN_FRESH "/login?fresh=1&return_to=" /* then the address, escaped */
#define URL_LOGOUT "/login/logout"
#define URL_GOODBYE "/login/goodbye"
#define URL_ACCOUNT "/account"
#define URL_ACCOUNT_END "/account/end"
#define URL_ACCOUNT_PASSWORD "/account/password"
#define URL_ACCOUNT_LINK "/account/link" /* ?token= and a ticket */
#define URL_ACCOUNT_FORGOT "/account/forgot"
#define URL_ACCOUNT_REGISTER "/account/register"

/* Those that templates may name: {{url:login_logout}} is the path with "_" for "/". */
#define URLS_OF_TEMPLATES(X)                                                             \
	X("login", URL_LOGIN)                                                            \
	X("login_logout", URL_LOGOUT)                                                    \
	X("account", URL_ACCOUNT)                                                        \
	X("account_end", URL_ACCOUNT_END)                                                \
	X("account_password", URL_ACCOUNT_PASSWORD)

#endif
