/*
 * Content Security Policy (CSP Level 3): one more place to which the forms of a page may
 * lead. Browsers apply form-action also to the redirects that follow a form (6.4.2).
 */
#ifndef CSP_H
#define CSP_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

/*
 * Append `policy` to `out`, with `source` as one more source of its form-action. `source`
 * is an origin ("https://app.example:8443"), "https:" or "http:", or a private scheme with
 * a dot ("com.example.app:"; RFC 8252, 7.1). For an IPv6 address its scheme is named,
 * because a policy cannot name the address (2.3.1). False, with nothing appended, if `source` is
 * of another form, or if the policy has no form-action.
 */
bool csp_lead_to(struct buf *out, struct str policy, struct str source);

#endif
