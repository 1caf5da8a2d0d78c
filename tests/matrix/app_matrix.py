"""What each action does to what apps hold, the clients of the OpenID provider: another part of the
page.

As in matrix.py, for users who have allowed an app and have signed in with it. The actions are in
actions.py, those of apps in app_actions.py, the credentials in app_credentials.py.
"""

from matrix import AGAIN, PERSON, PUBLISHED, Column, Row, cells

WORDS = {
    "gives": "200, with tokens that open `/oauth/userinfo`",
    "opens": "200",
    "refused": "401, of the token endpoint 400 `invalid_grant`",
    "narrower": "200, with tokens for the scopes that are left",
    "unknown": "401 `invalid_client`",
    "unavailable": "503",
    "goes on": "after a login, the client gets its code and nothing is asked",
    "asks": "after a login, the page that asks for consent",
    "may not": "after a login, a page that says so",
    "leads on": "303 to the login",
    "over": "a page that says what is wrong",
    "no login": "the person cannot sign in",
}

TOKEN = "`POST /oauth/token`"
COLUMNS = [
    Column("code", "code that is not used yet", TOKEN),
    Column("code-offline", "the same, with offline_access", TOKEN),
    Column("refresh", "refresh token", TOKEN),
    Column("refresh-offline", "the same, with offline_access", TOKEN),
    Column("userinfo", "access token", "`/oauth/userinfo`"),
    Column("userinfo-offline", "the same, with offline_access", "`/oauth/userinfo`"),
    Column("app-gate", "access token", "a path with the rule `scope openid`"),
    Column("app-gate-offline", "the same, with offline_access", "such a path"),
    Column("app-roles", "access token for the site's own audience, with roles", "such a path"),
    Column("consent", "consent that is remembered", "`/oauth/authorize`"),
    Column("request", "authorization request that waits for a login", "`/oauth/authorize?id=…`"),
]

DEVICES = []  # none of them waits for anything
CODES = ["code", "code-offline"]
REFRESH = ["refresh", "refresh-offline"]
USERINFO = ["userinfo", "userinfo-offline"]
GATE = ["app-gate", "app-gate-offline", "app-roles"]
OFFLINE = ["refresh-offline", "userinfo-offline", "app-gate-offline"]
HELD = [*CODES, *REFRESH, *USERINFO, *GATE]

ALIVE = cells((CODES, "gives"), (REFRESH, "gives"), (USERINFO, "opens"), (GATE, "opens"),
              consent="goes on", request="leads on")
# The session has ended, and with it codes and whatever is not for offline use.
SESSION = {**ALIVE, **{key: "refused" for key in HELD if key not in OFFLINE}}
# All of it has ended. The consent is the person's word, and stays.
ALL = {**ALIVE, **cells((HELD, "refused"))}
NO_LOGIN = {**ALL, "consent": "no login"}
# Access tokens that carry roles say what was true.
ROLES = {**ALIVE, "app-roles": "refused"}
# There is no such client any more.
NO_CLIENT = {**cells(([*CODES, *REFRESH], "unknown"), ([*USERINFO, *GATE], "refused")),
             "consent": "over", "request": "over"}
WITHDRAWN = {**ALL, "consent": "asks"}

ROWS = [
    Row("nothing", "nothing", "to see that all are alive", ALIVE),
    Row("role-given", "a role was given", "`doorward user role NAME --add editor`", ROLES,
        roles="editor member", why={
            "app-roles": "It carries the roles. A token for userinfo does not."}),
    Row("role-taken", "a role was taken", "`doorward user role NAME --remove editor`", ROLES),
    Row("role-demanded", "the role that the client demands was taken",
        "`doorward user role NAME --remove editor`", {**ALL, "consent": "may not"}),
    Row("disabled", "the user was disabled", "`doorward user disable NAME`", NO_LOGIN),
    Row("disabled-again", "the user was disabled, at the second try", AGAIN, NO_LOGIN),
    Row("enabled", "the user was disabled and enabled", "`doorward user enable NAME`", ALL),
    Row("renamed", "the user was renamed", "`doorward user rename OLD NEW --yes`", ALIVE, why={
        "userinfo": "It says the new name from now on. The id stays.",
        "app-roles": "No access token of a client says a name."}),
    Row("deleted", "the user was deleted", "`doorward user delete NAME --yes`", NO_LOGIN),
    Row("deleted-own", "the person deleted the account", "`POST /account/delete`", NO_LOGIN),
    Row("profile", "the person chose another display name and a language",
        "`POST /account/profile`", ALIVE),
    Row("address-set", "the operator set an address",
        "`doorward user set NAME --mail ADDRESS --verified`", ALIVE),
    Row("address-undone", "the person put the old address back", "`POST /account/link`", ALL),
    Row("password-own", "the person changed the password elsewhere", "`POST /account/password`",
        SESSION, why={"refresh-offline": "The form asks whether apps and tokens are to end."}),
    Row("password-tokens", "the person changed the password, and wanted the tokens to end",
        "`POST /account/password`, end_tokens=1", ALL),
    Row("password-operator", "the operator changed the password", "`doorward user passwd NAME`", ALL),
    Row("reset", "the person chose a new password behind a link", "`POST /account/link`", ALL),
    Row("reset-again", "the person chose a new password behind a link, at the second try",
        AGAIN + " The first answer is 503.", ALL),
    Row("logged-out", "each session was logged out", "`POST /login/logout`", SESSION),
    Row("logged-out-again", "each session was logged out, at the second try",
        AGAIN + " The first answer is 503.", SESSION),
    Row("ended-own", "the person ended each session", "`POST /account/end`, session=…", SESSION),
    Row("ended-operator", "the operator ended each session", "`doorward session end ID`", SESSION),
    Row("others", "the person ended all others elsewhere", "`POST /account/end`, others=1", SESSION),
    Row("all-operator", "the operator ended everything", "`doorward session end --user NAME`",
        SESSION),
    Row("tokens-operator", "the operator ended the tokens for programs",
        "`doorward token end --user NAME`", ALIVE),
    Row("admin-role-given", "an admin gave a role", PERSON.format("role"), ROLES,
        roles="editor member"),
    Row("admin-disabled", "an admin disabled the person", PERSON.format("disable"), NO_LOGIN),
    Row("admin-ended", "an admin ended all sessions", PERSON.format("end"), SESSION),
    Row("admin-deleted", "an admin deleted the person", PERSON.format("delete"), NO_LOGIN),
    Row("client-removed", "the client was removed", "`doorward client remove ID`", NO_CLIENT),
    Row("client-removed-again", "the client was removed, published at the second try", PUBLISHED,
        NO_CLIENT),
    Row("consent-withdrawn", "the person took the consent back", "`POST /account/apps`", WITHDRAWN),
    Row("consent-withdrawn-again", "the person took the consent back, at the second try",
        AGAIN + " The first answer is 503.", WITHDRAWN),
    Row("secret-made", "the client got a second secret", "`doorward client secret ID`", ALIVE, why={
        "code": "The old secret is good for another day."}),
    Row("secret-now", "the client got a new secret at once", "`doorward client secret ID --now`",
        {**ALIVE, **cells(([*CODES, *REFRESH], "unknown"))}, why={
            "code": "With the old secret, which the client still shows. What it holds stays good."}),
    Row("client-narrowed", "the client was to get fewer scopes",
        "`doorward client set ID --scope 'openid offline_access'`",
        {**ALIVE, **cells(([*CODES, *REFRESH], "narrower"))}, why={
            "userinfo": "It is good until it has run out, with what it was made for."}),
    Row("client-moved", "the client got another address", "`doorward client set ID --redirect URL`",
        {**ALIVE, **cells((CODES, "refused")), "consent": "over", "request": "over"}),
    Row("client-asks", "the client was to ask each time", "`doorward client set ID --consent ask`",
        {**ALIVE, "consent": "asks"}),
    Row("client-demands", "the client was to demand a role that the person has not",
        "`doorward client set ID --role editor`", {**ALL, "consent": "may not"}),
    Row("given-back", "the client gave the tokens back", "`POST /oauth/revoke`, each refresh token",
        {**ALIVE, **cells((REFRESH + USERINFO + GATE, "refused"))}),
    Row("restored", "the database lost the sessions", "a backup of before the logins was restored",
        {**SESSION, "code-offline": "gives", "app-gate": "opens", "app-roles": "opens"}, why={
            "app-gate": "Only the revocation file ends it, as with every access token."}),
    Row("settings", "the settings were changed", "another `token_life` in doorward.conf", ALIVE),
    Row("tidied", "the upkeep was done", "`doorward db tidy`, or the programs (`upkeep = program`)",
        ALIVE),
    Row("rotated", "the key was rotated", "`doorward key rotate --now`", ALIVE),
    Row("lost", "the revocation file is lost", "`rm`", cells((GATE, "unavailable")), phase=0),
    Row("published", "the revocation file was lost and published again",
        "`doorward revocations publish`", ALIVE),
    Row("secret", "session_secret was replaced", "another file in its place", ALIVE, phase=2),
    Row("retired", "the key was retired",
        "`doorward key rotate --now`, `doorward key retire --now KID`",
        {**ALIVE, **cells((USERINFO + GATE, "refused"))}, phase=3),
]
