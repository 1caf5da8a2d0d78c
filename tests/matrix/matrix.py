"""What each action does to each credential that is alive at that moment: one table.

test_matrix.py tries every cell on a running stack; matrix_page.py writes the page
doc/reference/matrix.md. A cell says what must hold one second after the action. A new action
is a new Row here and a function of the same key in actions.py; a new credential is a new Column
and a function in credentials.py.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """A credential, and where it is shown."""
    key: str
    credential: str
    endpoint: str
    of_browser: bool = False  # the browser that acts has one too


@dataclass(frozen=True)
class Row:
    """An action, how it is done, and the words of its cells (absent: not tried)."""
    key: str
    title: str
    how: str
    cells: dict
    phase: int = 1  # of one phase: done together, checked together
    at_hand: str = ""  # key of the row whose acting browser this one looks at
    roles: str = "member"  # what a renewed token says
    why: dict = field(default_factory=dict)  # column's key, or "": a sentence for the page


WORDS = {
    "opens": "200",
    "refused": "401; a browser is sent to the form, or shown it",
    "unavailable": "503",
    "unknown": "401; the access token of the same session is good until it has run out",
    "renews": "a new access token, which opens `/protected` and says name and roles of now, and the "
              "next refresh token",
    "ends": "204 (a browser: 303); after it neither the session's access token nor its refresh "
            "token is good",
    "in": "a login with the right password goes well",
    "waits": "429: the device is not known, and someone has used up the tries of that name",
    "done": "303, what the form asks for was done",
    "stale": "403 and the form again, nothing was done",
    "leads on": "303 to the page with its form",
    "over": "410 (400 where it cannot even be read) and a page that says what to do next",
}

COLUMNS = [
    Column("cookie-program", "access token in the cookie", "`GET /protected`", True),
    Column("cookie-gate", "access token in the cookie", "`GET /members/` (the gate)", True),
    Column("cookie-account", "access token in the cookie", "`GET /account`", True),
    Column("bearer-program", "access token as bearer", "`GET /protected`"),
    Column("bearer-gate", "access token as bearer", "`GET /members/` (the gate)"),
    Column("bearer-logout", "access token as bearer", "`POST /login/logout`"),
    Column("script-program", "a program's token (`doorward token issue`)", "`GET /protected`"),
    Column("script-gate", "a program's token", "`GET /members/` (the gate)"),
    Column("script-below", "a program's token for `/members`", "`GET /members/` (the gate)"),
    Column("script-elsewhere", "a program's token for `/members`", "`GET /protected`"),
    Column("script-editor", "a program's token with the role editor", "`GET /protected`"),
    Column("script-cookie", "a program's token in the login's cookie", "`GET /protected`"),
    Column("script-token", "a program's token", "`POST /login/token`"),
    Column("script-account", "a program's token", "`GET /account`"),
    Column("script-logout", "a program's token", "`POST /login/logout`"),
    Column("browser-renewal", "refresh token in the cookie", "`GET /login?return_to=…`", True),
    Column("browser-logout", "both in cookies", "`POST /login/logout`"),
    Column("refresh", "refresh token", "`POST /login/refresh`"),
    Column("refresh-logout", "refresh token", "`POST /login/logout`"),
    Column("lost-answer", "used refresh token, its successor unused", "`POST /login/refresh`"),
    Column("late-answer", "the same after the grace", "`POST /login/refresh`"),
    Column("used-refresh", "used refresh token, its successor used", "`POST /login/refresh`"),
    Column("used-logout", "used refresh token", "`POST /login/logout`"),
    Column("device", "device cookie, while the name has to wait", "`POST /login`, form", True),
    Column("device-json", "device secret of a program, while the name has to wait",
           "`POST /login`, JSON"),
    Column("login-form", "form token of `/login`", "`POST /login`, form"),
    Column("account-form", "form token of `/account`", "`POST /account/end`", True),
    Column("reset-link", "link to choose a new password", "`GET /account/link`"),
    Column("verify-link", "link to prove an address", "`GET /account/link`"),
    Column("change-link", "link to change the address", "`GET /account/link`"),
    Column("undo-link", "link to put the old address back", "`GET /account/link`"),
]

ACCESS = ["cookie-program", "cookie-gate", "cookie-account", "bearer-program", "bearer-gate"]
SCRIPT = ["script-program", "script-gate", "script-below", "script-editor"]
SCRIPT_NEVER = ["script-elsewhere", "script-cookie", "script-account", "script-token"]
SCRIPTS = [*SCRIPT, *SCRIPT_NEVER, "script-logout"]
LOGOUT = ["bearer-logout", "browser-logout", "refresh-logout", "used-logout"]
RENEWAL = ["browser-renewal", "refresh", "lost-answer"]
OVER_AFTER = ["late-answer", "used-refresh"]
LOGIN = ["device", "device-json", "login-form"]
DEVICES = LOGIN[:2]
LINKS = ["reset-link", "verify-link", "change-link", "undo-link"]
LINKS_OF_PASSWORD = LINKS[:3]  # they die with it


def cells(*groups, **single):
    """[(columns, word)] and column=word, the later ones over the earlier ones."""
    of = {}
    for columns, word in groups:
        of.update(dict.fromkeys(columns, word))
    of.update({key.replace("_", "-"): word for key, word in single.items()})
    return of


# Nothing has happened to it.
ALIVE = cells((ACCESS, "opens"), (LOGOUT, "ends"), (RENEWAL, "renews"), (LOGIN, "in"),
              (OVER_AFTER, "refused"), (SCRIPT, "opens"), (LINKS, "leads on"), account_form="done",
              script_logout="ends")
ALIVE = {**ALIVE, **cells((SCRIPT_NEVER, "refused"))}
# The access tokens are dead, the session goes on.
NEW_SID = {**ALIVE, **cells((ACCESS, "refused"), account_form="refused")}
# The session has ended.
OVER = {**NEW_SID, **cells((RENEWAL, "refused"))}
# … and whoever holds a device secret is a stranger again.
ALL_OVER = {**OVER, **cells((DEVICES, "waits"))}
# … for the person has changed the password.
PASSWORD = {**ALL_OVER, **cells((LINKS_OF_PASSWORD, "over"))}
# What ends the tokens for programs, too.
NO_SCRIPT = cells((SCRIPT, "refused"))
# … and there is no such user.
GONE = {**ALL_OVER, **NO_SCRIPT, **cells((LINKS, "over"), login_form="refused", refresh_logout="refused", used_logout="refused")}
# The browser that did it.
AT_HAND = {c.key: ALIVE[c.key] for c in COLUMNS if c.of_browser}

AGAIN = "The first try fails, because the revocation file cannot be written; then the same again. " \
        "The second try ends in the state that the first was to reach."

PERSON = "`POST /admin/person`, do={}"

PUBLISHED = "The first try fails, because the revocation file cannot be written; then " \
            "`doorward revocations publish`."

ROWS = [
    Row("nothing", "nothing", "to see that all are alive", ALIVE, why={
        "used-refresh": "A copy of the refresh token is about: the session ends as `reuse`, with all "
                        "its tokens, and with a warning.",
        "script-account": "It is no login.",
        "script-elsewhere": "Its aud is the address of that path, which only the gate below it knows.",
        "script-cookie": "The cookie is for what a login put there.",
        "late-answer": "Nobody has used the successor, and nobody can: the session ends as `lost`, "
                       "without alarm.",
        "lost-answer": "The answer got lost: within the grace the same successor again."}),
    Row("role-given", "a role was given", "`doorward user role NAME --add editor`", NEW_SID,
        roles="editor member", why={
            "bearer-logout": "The session has had several sids; a logout that shows an old one ends "
                             "them all."}),
    Row("role-given-again", "a role was given, at the second try", AGAIN, NEW_SID,
        roles="editor member"),
    Row("role-taken", "a role was taken", "`doorward user role NAME --remove editor`",
        {**NEW_SID, "script-editor": "refused"}, why={
            "script-editor": "It carries the role. The others do not, and go on."}),
    Row("disabled", "the user was disabled", "`doorward user disable NAME`",
        {**ALL_OVER, **NO_SCRIPT, **cells((LINKS, "over")), "login-form": "refused"}),
    Row("disabled-again", "the user was disabled, at the second try", AGAIN,
        {**ALL_OVER, **NO_SCRIPT, **cells((LINKS, "over")), "login-form": "refused"}),
    Row("enabled", "the user was disabled and enabled", "`doorward user enable NAME`",
        {**ALL_OVER, **NO_SCRIPT, **cells((LINKS, "over"))},
        why={"refresh": "Nothing that ended comes back to life."}),
    Row("renamed", "the user was renamed", "`doorward user rename OLD NEW --yes`",
        {**NEW_SID, **NO_SCRIPT}, why={
        "script-program": "It says the old name, and nobody renews it.",
        "refresh": "The new token says the new name; the id stays.",
        "device": "A device belongs to the id. The login is under the new name."}),
    Row("renamed-again", "the user was renamed, published at the second try", PUBLISHED,
        {**NEW_SID, **NO_SCRIPT}),
    Row("deleted", "the user was deleted", "`doorward user delete NAME --yes`", GONE, why={
        "refresh-logout": "Nothing is kept of the session, and so nothing says which it was; its "
                          "tokens are dead."}),
    Row("deleted-again", "the user was deleted, published at the second try", PUBLISHED, GONE),
    Row("deleted-own", "the person deleted the account", "`POST /account/delete`", GONE),
    Row("deleted-own-again", "the person deleted the account, at the second try",
        AGAIN + " The first answer is 503.", GONE),
    Row("profile", "the person chose another display name and a language",
        "`POST /account/profile`", ALIVE),
    Row("address-asked", "the person asked for another address", "`POST /account/address`",
        {**ALIVE, **cells((["verify-link", "change-link"], "over"))}, why={
            "change-link": "The last address that was asked for counts."}),
    Row("address-set", "the operator set an address",
        "`doorward user set NAME --mail ADDRESS --verified`",
        {**ALIVE, **cells((LINKS, "over"))}, why={
            "undo-link": "The operator's word is the last."}),
    Row("password-own", "the person changed the password elsewhere", "`POST /account/password`",
        PASSWORD, why={
            "script-program": "The form asks whether tokens for programs are to end.",
            "undo-link": "Whoever took the account over changes its password next: the way back to "
                         "the old address stays."}),
    Row("password-own-here", "the person changed the password in this browser",
        "`POST /account/password`", AT_HAND, at_hand="password-own",
        why={"device": "The answer brings a new device cookie."}),
    Row("password-operator", "the operator changed the password",
        "`doorward user passwd NAME`", {**PASSWORD, **NO_SCRIPT}),
    Row("password-tokens", "the person changed the password, and wanted the tokens to end",
        "`POST /account/password`, end_tokens=1", {**PASSWORD, **NO_SCRIPT}),
    Row("password-operator-again", "the operator changed the password, at the second try", AGAIN,
        {**PASSWORD, **NO_SCRIPT}),
    Row("reset", "the person chose a new password behind a link", "`POST /account/link`",
        {**PASSWORD, **NO_SCRIPT},
        why={"reset-link": "All links to choose a new password die with the first that is used."}),
    Row("reset-again", "the person chose a new password behind a link, at the second try",
        AGAIN + " The first answer is 503.", {**PASSWORD, **NO_SCRIPT}),
    Row("address-changed", "the person changed the address", "`POST /account/link`",
        {**ALIVE, **cells((LINKS_OF_PASSWORD, "over"))}, why={
            "reset-link": "It lies in the old mailbox."}),
    Row("address-undone", "the person put the old address back", "`POST /account/link`",
        {**ALL_OVER, **NO_SCRIPT, **cells((LINKS, "over"))}, why={
            "script-program": "Whoever changed the address may have made it.",
            "undo-link": "It was made later: it was mailed to an address that was not theirs."}),
    Row("logged-out", "each session was logged out", "`POST /login/logout`", OVER,
        why={"bearer-logout": "A second logout says what is true: it has ended."}),
    Row("logged-out-again", "each session was logged out, at the second try",
        AGAIN + " The first answer is 503.", OVER),
    Row("ended-own", "the person ended each session", "`POST /account/end`, session=…", OVER),
    Row("ended-operator", "the operator ended each session", "`doorward session end ID`", OVER),
    Row("ended-operator-again", "the operator ended each session, at the second try", AGAIN, OVER),
    Row("others", "the person ended all others elsewhere", "`POST /account/end`, others=1", ALL_OVER),
    Row("others-here", "the person ended all others in this browser",
        "`POST /account/end`, others=1", AT_HAND, at_hand="others",
        why={"device": "The answer brings a new device cookie."}),
    Row("others-again", "the person ended all others, at the second try",
        AGAIN + " The first answer is 503.", ALL_OVER),
    Row("all-operator", "the operator ended everything", "`doorward session end --user NAME`",
        ALL_OVER, why={"script-program": "A token for a program is no session: the next two rows."}),
    Row("tokens-operator", "the operator ended the tokens for programs", "`doorward token end --user NAME`",
        {**ALIVE, **NO_SCRIPT}),
    Row("tokens-own", "the person ended each token for a program", "`POST /account/tokens`, token=…",
        {**ALIVE, **NO_SCRIPT}),
    Row("tokens-operator-again", "the operator ended the tokens for programs, at the second try", AGAIN,
        {**ALIVE, **NO_SCRIPT}),
    Row("all-operator-again", "the operator ended everything, at the second try", AGAIN, ALL_OVER),
    Row("admin-role-given", "an admin gave a role", PERSON.format("role"), NEW_SID,
        roles="editor member"),
    Row("admin-role-taken", "an admin took a role", PERSON.format("role"),
        {**NEW_SID, "script-editor": "refused"}),
    Row("admin-disabled", "an admin disabled the person", PERSON.format("disable"),
        {**ALL_OVER, **NO_SCRIPT, **cells((LINKS, "over")), "login-form": "refused"}),
    Row("admin-disabled-again", "an admin disabled the person, at the second try", AGAIN,
        {**ALL_OVER, **NO_SCRIPT, **cells((LINKS, "over")), "login-form": "refused"}),
    Row("admin-enabled", "an admin disabled and enabled the person", PERSON.format("enable"),
        {**ALL_OVER, **NO_SCRIPT, **cells((LINKS, "over"))}),
    Row("admin-ended", "an admin ended all sessions", PERSON.format("end"), ALL_OVER),
    Row("admin-tokens", "an admin ended the tokens for programs", PERSON.format("programs"),
        {**ALIVE, **NO_SCRIPT}),
    Row("admin-reset", "an admin had a link for a new password sent", PERSON.format("reset"),
        ALIVE, why={"reset-link": "Links to choose a new password die when one of them is used."}),
    Row("admin-unlocked", "an admin unlocked the person", PERSON.format("unlock"), ALIVE),
    Row("admin-profile", "an admin chose another display name", PERSON.format("profile"), ALIVE),
    Row("admin-address", "an admin set an address", PERSON.format("profile"),
        {**ALIVE, **cells((LINKS, "over"))}),
    Row("admin-renamed", "an admin renamed the person", PERSON.format("rename"),
        {**NEW_SID, **NO_SCRIPT}),
    Row("admin-deleted", "an admin deleted the person", PERSON.format("delete"), GONE),
    Row("sids-added", "the operator revoked the sids", "`doorward revocations add SID`",
        {**OVER, **NO_SCRIPT}),
    Row("restored", "the database lost the sessions", "a backup of before the logins was restored",
        {**ALIVE, **cells((RENEWAL, "refused"), (OVER_AFTER, "unknown"), cookie_account="refused",
                          account_form="refused", refresh_logout="refused",
                          used_logout="refused")}, why={
            "bearer-logout": "A verified token names its sid, whether or not the database knows it.",
            "refresh-logout": "Nothing says which session it was of, so it is no logout: show the "
                              "access token too. `doorward revocations add` revokes a sid."}),
    Row("settings", "the settings were changed", "another `token_life` in doorward.conf", ALIVE),
    Row("tidied", "the upkeep was done", "`doorward db tidy`, or the programs (`upkeep = program`)",
        ALIVE),
    Row("rotated", "the key was rotated", "`doorward key rotate --now`", ALIVE),
    Row("lost", "the revocation file is lost", "`rm`", cells((ACCESS, "unavailable"), (SCRIPT, "unavailable")), phase=0,
        why={"": "Nobody can tell who has logged out. A renewal or a logout would write the file "
                 "again, so these are not tried."}),
    Row("published", "the revocation file was lost and published again",
        "`doorward revocations publish`", ALIVE,
        why={"": "What had ended before stays ended: the rows above it were done before it."}),
    Row("secret", "session_secret was replaced", "another file in its place",
        {**ALIVE, **cells((DEVICES, "waits"), lost_answer="refused", login_form="stale",
                          account_form="stale")}, phase=2,
        why={"lost-answer": "The successor is derived with the secret and differs now. The session "
                            "ends as `lost`, without alarm.",
             "refresh": "Refresh tokens are kept as hashes, which the secret has no part in."}),
    Row("mail-key", "mail_key was replaced", "another file in its place",
        {**ALIVE, **cells((LINKS, "over"))}, phase=4, why={
            "reset-link": "A link is an HMAC under that key. New ones can be asked for."}),
    Row("retired", "the key was retired", "`doorward key rotate --now`, `doorward key retire --now KID`",
        {**NEW_SID, **cells((SCRIPTS, "refused")), "bearer-logout": "refused"}, phase=3,
        why={"bearer-logout": "Nobody can verify it any more, so it proves nothing; it is good for "
                              "nothing either.",
             "refresh": "Refresh tokens are signed by no key. To end the sessions too: "
                        "`doorward session end`."}),
]
