"""What each action does to what belongs to a second factor: the other half of the page.

As in matrix.py, for users with an app for one-time codes and recovery codes. The actions are in
actions.py, the credentials in factor_credentials.py.
"""

from matrix import PERSON, Column, Row, cells

WORDS = {
    "in": "the login goes well: 200 or 303, with tokens",
    "asks": "the page or the answer that asks for a second factor",
    "unwanted": "no factor is asked for: the password alone opens a session",
    "wrong": "401 `invalid_code`; the login under way can still be proved",
    "unavailable": "503: this proof cannot be checked, another one can",
    "over": "401, or 303 to the form: the login begins anew (of a link: 410)",
    "refused": "401, or the form again: the password is not taken, or the token is not good",
    "opens": "200",
    "renews": "a new access token, which opens a path with the rule `factor`",
    "leads on": "303 to the page where a factor is made",
}

COLUMNS = [
    Column("strong-gate", "access token of a login with a factor", "a path with the rule `factor`"),
    Column("strong-refresh", "its refresh token", "`POST /login/refresh`"),
    Column("remembered", "remembered browser", "`POST /login`, form"),
    Column("flow", "ticket of a login under way, with a one-time code", "`POST /login/mfa`"),
    Column("flow-page", "the same in a browser", "`GET /login/mfa`"),
    Column("code", "one-time code, with a new login", "`POST /login/mfa`"),
    Column("recovery", "recovery code, with a new login", "`POST /login/mfa`"),
    Column("factor-link", "link to make a factor", "`/login/factor?token=…`"),
]

DEVICES = []  # none of them waits for anything
STRONG = ["strong-gate", "strong-refresh"]
FLOW = ["flow", "flow-page"]
PROOFS = ["code", "recovery"]

ALIVE = cells((["remembered", "flow", *PROOFS], "in"), flow_page="asks", strong_gate="opens",
              strong_refresh="renews", factor_link="leads on")
# The access tokens are dead, the session goes on.
NEW_SID = {**ALIVE, **cells(strong_gate="refused")}
# The session has ended.
OVER = {**ALIVE, **cells((STRONG, "refused"))}
# … and so has everything that rests on the devices' version.
ALL_OVER = {**OVER, **cells((FLOW, "over"), remembered="asks")}
PASSWORD = {**ALL_OVER, **cells(factor_link="over")}
DISABLED = {**PASSWORD, **cells((["remembered", *PROOFS], "refused"))}
# There is no factor any more.
NONE_LEFT = {**ALIVE, **cells((FLOW, "over"), (PROOFS, "unwanted"))}

ROWS = [
    Row("nothing", "nothing", "to see that all are alive", ALIVE),
    Row("role-given", "a role was given", "`doorward user role NAME --add editor`", NEW_SID, why={
        "strong-refresh": "The session keeps what it has proved."}),
    Row("disabled", "the user was disabled", "`doorward user disable NAME`", DISABLED),
    Row("enabled", "the user was disabled and enabled", "`doorward user enable NAME`", PASSWORD,
        why={"recovery": "The factors are the user's, as the password is."}),
    Row("renamed", "the user was renamed", "`doorward user rename OLD NEW --yes`",
        {**NEW_SID, **cells((FLOW, "over"))}, why={
            "flow": "The login was begun under the old name."}),
    Row("deleted", "the user was deleted", "`doorward user delete NAME --yes`", DISABLED),
    Row("deleted-own", "the person deleted the account", "`POST /account/delete`", DISABLED),
    Row("address-set", "the operator set an address",
        "`doorward user set NAME --mail ADDRESS --verified`",
        {**ALIVE, **cells(factor_link="over")}, why={
            "factor-link": "It lies in the old mailbox."}),
    Row("password-own", "the person changed the password elsewhere", "`POST /account/password`",
        PASSWORD),
    Row("password-operator", "the operator changed the password",
        "`doorward user passwd NAME`", PASSWORD),
    Row("reset", "the person chose a new password behind a link", "`POST /account/link`", PASSWORD,
        why={"code": "Whoever can read the mail has the password now, and still lacks the factor."}),
    Row("logged-out", "each session was logged out", "`POST /login/logout`", OVER, why={
        "remembered": "A logout keeps the browser known and remembered."}),
    Row("others", "the person ended all others elsewhere", "`POST /account/end`, others=1",
        ALL_OVER),
    Row("all-operator", "the operator ended everything", "`doorward session end --user NAME`",
        ALL_OVER),
    Row("codes-made", "the person made new recovery codes", "`POST /login/factor`, do=recovery",
        {**ALIVE, **cells(recovery="wrong")}, why={
            "recovery": "The new ones take the place of all old ones."}),
    Row("app-removed", "the person removed the app, the only factor",
        "`POST /account/factor`, do=remove", NONE_LEFT, why={
            "recovery": "Recovery codes go with the last factor.",
            "strong-gate": "It was proved when the session was opened. To end it too: the account "
                           "page, or `doorward session end`."}),
    Row("passkey-added", "a passkey was added", "by a session that has proved the app", ALIVE),
    Row("factors-reset", "the operator reset the factors", "`doorward user factor reset NAME --yes`",
        {**OVER, **NONE_LEFT, **cells((STRONG, "refused"), factor_link="over")}),
    Row("admin-factor", "an admin took the factors away", PERSON.format("factor"),
        {**OVER, **NONE_LEFT, **cells((STRONG, "refused"), factor_link="over")}),
    Row("admin-disabled", "an admin disabled the person", PERSON.format("disable"), DISABLED),
    Row("required", "a factor became required", "`factor_required = all`", ALIVE, phase=6, why={
        "strong-gate": "It changes what the next login wants."}),
    Row("restarted", "the settings were changed", "another `token_life` in doorward.conf", ALIVE),
    Row("rotated", "the key was rotated", "`doorward key rotate --now`", ALIVE),
    Row("factor-key", "factor_keys got a newer key", "another file in the directory", ALIVE, phase=1,
        why={"code": "The first code that is used moves the secret to the new key."}),
    Row("secret", "session_secret was replaced", "another file in its place",
        {**ALIVE, **cells(remembered="asks")}, phase=2, why={
            "code": "No secret of a factor is derived from it.",
            "remembered": "The device secret is a MAC under it."}),
    Row("mail-key", "mail_key was replaced", "another file in its place",
        {**ALIVE, **cells(factor_link="over")}, phase=4),
    Row("factor-keys-lost", "the keys of factor_keys were replaced", "other files in their place",
        {**ALIVE, **cells((["flow", "code"], "unavailable"))}, phase=5, why={
            "code": "Nobody can read the secrets any more. A recovery code or a passkey still "
                    "opens, and the app can then be set up anew.",
            "flow-page": "It asks for a recovery code."}),
    Row("retired", "the key was retired", "`doorward key rotate --now`, `doorward key retire --now KID`",
        NEW_SID, phase=3),
]
