/*
 * The addresses of our own programs, as redirects, cookies and rules name them. Where
 * they are mounted is not a setting: cookies and rules of a site rely on it.
 */
#ifndef URLS_H
#define URLS_H

#define URL_LOGIN "/login"
#define URL_LOGIN_FRESH "/login?fresh=1&return_to=" /* then the address, escaped */
#define URL_GOODBYE "/login/goodbye"
#define URL_ACCOUNT "/account"
#define URL_ACCOUNT_PASSWORD "/account/password"

#endif
