/* The values that each page of admin.fcgi gives to its template: see page_samples.c. */
#include "access/urls.h"
#include "pagecheck/page_sample_parts.h"

static const struct template_field section[] = {
	TEXT("target", URL_ADMIN_PEOPLE),
	PHRASE("label", "admin.people"),
	FLAG("here"),
};
static const struct template_scope sections[] = { { section, COUNT(section) } };

/* Of every page of admin.fcgi (admin_page). */
#define FRAME                                                                            \
	TOKEN, TEXT("username", "ann"), LIST("sections", sections),                      \
		PHRASE("notice", "admin.again")

static const struct template_field line[] = {
	PHRASE("what", "admin_status.mail"),
	FLAG("good"),
	PHRASE("said", "admin_status.mail_late"),
	TEXT("first", "3"),
	TEXT("second", "90"),
	PHRASE("ago", "ago.days"),
	TEXT("count", "5"),
};
static const struct template_scope lines[] = { { line, COUNT(line) } };

static const struct template_field admin[] = {
	FRAME,
	TEXT("people", "412"),
	TEXT("disabled", "3"),
	TEXT("n_roles", "5"),
	LIST("lines", lines),
	FLAG("waiting"),
	FLAG("well"),
};

static const struct template_field named[] = {
	TEXT("rule", "/members/board any-of board"),
	TEXT("where", "doorward.conf:12"),
};
static const struct template_scope nameds[] = { { named, COUNT(named) } };
static const struct template_field held[] = {
	TEXT("role", "board"), TEXT("people", "7"), TEXT("disabled", "1"),
	FLAG("opens"),         FLAG("gives"),       LIST("rules", nameds),
	FLAG("more_rules"),
};
static const struct template_scope helds[] = { { held, COUNT(held) } };
static const struct template_field unheld[] = {
	TEXT("role", "bord"),
	LIST("rules", nameds),
	FLAG("more_rules"),
};
static const struct template_scope unhelds[] = { { unheld, COUNT(unheld) } };

static const struct template_field admin_roles[] = {
	FRAME,
	FLAG("rules_unreadable"),
	LIST("held", helds),
	LIST("unheld", unhelds),
	TEXT("more", URL_ADMIN_ROLES),
	TEXT("csv", URL_ADMIN_ROLES_CSV),
};

static const struct template_field admin_explain[] = {
	FRAME,
	PHRASE("problem", "admin_explain.no_person"),
	FLAG("person_wrong"),
	FLAG("address_wrong"),
	FLAG("method_wrong"),
	TEXT("person", "ann"),
	TEXT("address", "/members/board"),
	TEXT("method", "GET"),
	FLAG("answered"),
	FLAG("allowed"),
	PHRASE("answer", "admin_explain.allow"),
	TEXT("path", "/members/board"),
	TEXT("rule", "/members/board any-of board"),
	TEXT("where", "doorward.conf:12"),
	TEXT("line", "rule = /members/board signed-in"),
	TEXT("file", "/etc/doorward/doorward.conf"),
	LIST("roles", roles),
};

static const struct template_field event[] = {
	TEXT("word", "login_ok"),
	PHRASE("label", "event.login_ok"),
	FLAG("chosen"),
};
static const struct template_scope events[] = { { event, COUNT(event) } };
static const struct template_field happening[] = {
	TIME("at"),
	PHRASE("happened", "event.login_ok"),
	TEXT("event", "login_ok"),
	TEXT("name", "ann"),
	TEXT("actor", "user"),
	FLAG("themselves"),
	TEXT("from", "203.0.113.7"),
	TEXT("detail", "pwd otp"),
	PHRASE("by", "account.by.password"),
};
static const struct template_scope happenings[] = { { happening, COUNT(happening) } };

static const struct template_field admin_audit[] = {
	FRAME,
	PHRASE("problem", "admin_audit.no_time"),
	FLAG("event_wrong"),
	FLAG("since_wrong"),
	FLAG("until_wrong"),
	TEXT("person", "ann"),
	TEXT("since", "2026-01-01"),
	TEXT("until", "2026-01-31"),
	TEXT("other", "something"),
	LIST("events", events),
	LIST("rows", happenings),
	TEXT("more", URL_ADMIN_AUDIT),
	TEXT("csv", URL_ADMIN_AUDIT_CSV),
};

static const struct template_field date[] = {
	TEXT("date", "2026-01-31"),   TEXT("ok", "40"),           TEXT("ok_width", "100"),
	TEXT("failed_n", "4"),        TEXT("failed_width", "10"), TEXT("throttled", "1"),
	TEXT("throttled_width", "3"), TEXT("code", "2"),          TEXT("code_width", "5"),
};
static const struct template_scope dates[] = { { date, COUNT(date) } };

static const struct template_field admin_logins[] = {
	FRAME,
	FLAG("counting"),
	LIST("days", dates),
	TEXT("csv", URL_ADMIN_LOGINS_CSV),
};

static const struct template_field waiting[] = {
	TEXT("name", "ann"),
	TEXT("from", "203.0.113.7"),
	PHRASE("kind", "admin_throttled.by_name"),
	TEXT("refused", "12"),
	WAIT,
	TEXT("bucket", "name:ID"),
	FLAG("unlocks"),
};
static const struct template_scope waitings[] = { { waiting, COUNT(waiting) } };

static const struct template_field admin_throttled[] = {
	FRAME,
	LIST("rows", waitings),
	TEXT("more", URL_ADMIN_THROTTLED),
	TEXT("csv", URL_ADMIN_THROTTLED_CSV),
};

static const struct template_field key[] = {
	TEXT("kid", "2026-01"),    TEXT("alg", "ES256"), TIME("made"),
	PHRASE("ago", "ago.days"), TEXT("count", "30"),  TIME("until"),
};
static const struct template_scope keys[] = { { key, COUNT(key) } };
static const struct template_field setting[] = { TEXT("line", "fresh_login = 900s") };
static const struct template_scope settings[] = { { setting, COUNT(setting) } };

static const struct template_field admin_status[] = {
	FRAME,
	LIST("lines", lines),
	LIST("keys", keys),
	LIST("settings", settings),
	TEXT("file", "/etc/doorward/doorward.conf"),
};

static const struct template_field admin_mail[] = {
	FRAME,
	FLAG("off"),
	FLAG("no_key"),
	FLAG("no_server"),
	FLAG("no_from"),
	FLAG("late"),
	TEXT("command", "/usr/bin/doorward"),
	TEXT("address", "ann@example.org"),
	FLAG("unverified"),
	FLAG("no_address"),
	PHRASE("problem", "admin_mail.failing"),
	PHRASE("news", "admin_mail.sent"),
	TEXT("failure", "the mail server refused the address"),
	TIME("since"),
};

static const struct template_field found[] = {
	TEXT("name", "ann"),
	TEXT("called", "Ann Example"),
	TEXT("address", "ann@example.org"),
	TEXT("held_roles", "member editor"),
	FLAG("disabled"),
	TEXT("id", "ID"),
};
static const struct template_scope founds[] = { { found, COUNT(found) } };

static const struct template_field admin_people[] = {
	FRAME,
	TEXT("q", "an"),
	TEXT("role", "member"),
	TEXT("state", "enabled"),
	FLAG("only_enabled"),
	FLAG("only_disabled"),
	LIST("people", founds),
	TEXT("next", "ann"),
	TEXT("csv", URL_ADMIN_PEOPLE_CSV),
};

static const struct template_field session[] = {
	TEXT("browser", "Firefox"),
	TEXT("system", "Linux"),
	FLAG("both"),
	FLAG("neither"),
	TEXT("from", "192.0.2.1"),
	TIME("opened"),
	TIME("used_at"),
	PHRASE("used", "ago.days"),
	TEXT("count", "5"),
};
static const struct template_scope sessions[] = { { session, COUNT(session) } };
static const struct template_field factor[] = {
	PHRASE("factor", "admin_person.passkey"),
	TEXT("called", "Phone"),
	TIME("made"),
	TIME("last"),
	TEXT("left", "9"),
};
static const struct template_scope factors[] = { { factor, COUNT(factor) } };
static const struct template_field program[] = {
	TEXT("label", "backup"), TEXT("with_roles", "member"),
	TEXT("below", "/dav"),   TIME("made"),
	TIME("until"),
};
static const struct template_scope programs[] = { { program, COUNT(program) } };

static const struct template_field app[] = {
	TEXT("client", "nextcloud"),
	TEXT("app", "Nextcloud"),
	TEXT("scopes", "openid profile"),
	TIME("made"),
	TIME("last"),
};
static const struct template_scope apps[] = { { app, COUNT(app) } };
static const struct template_field link[] = {
	PHRASE("link", "admin_person.reset_link"),
	TEXT("to", "ann@example.org"),
	TIME("made"),
	TIME("until"),
	PHRASE("state", "admin_person.link_good"),
};
static const struct template_scope links[] = { { link, COUNT(link) } };
static const struct template_field recent[] = {
	TIME("at"),
	TEXT("event", "login_ok"),
	PHRASE("happened", "event.login_ok"),
	TEXT("actor", "user"),
	FLAG("themselves"),
	TEXT("from", "192.0.2.1"),
	TEXT("detail", "pwd"),
};
static const struct template_scope recents[] = { { recent, COUNT(recent) } };

static const struct template_field admin_person[] = {
	FRAME,
	TEXT("user", "11111111-2222-4333-8444-555555555555"),
	TEXT("seen", "0123456789abcdef0123456789abcdef"),
	TEXT("name", "ann"),
	TEXT("display_name", "Ann Example"),
	TEXT("address", "ann@example.org"),
	TEXT("wanted", "ann@example.net"),
	FLAG("unproved"),
	FLAG("disabled"),
	FLAG("throttled"),
	FLAG("has_password"),
	LIST("roles", roles),
	TIME("created"),
	TIME("password_since"),
	TIME("last_login"),
	FLAG("may"),
	FLAG("last"),
	FLAG("has_factor"),
	FLAG("reset_mailed"),
	FLAG("reset_shown"),
	TEXT("typed_roles", "editor"),
	TEXT("typed_name", "ann"),
	TEXT("typed_display_name", "Ann Example"),
	TEXT("typed_address", "ann@example.org"),
	PHRASE("problem", "admin_person.changed"),
	FLAG("roles_invalid"),
	FLAG("name_invalid"),
	FLAG("display_name_invalid"),
	FLAG("address_invalid"),
	LIST("sessions", sessions),
	LIST("factors", factors),
	FLAG("has_programs"),
	LIST("programs", programs),
	FLAG("has_apps"),
	LIST("apps", apps),
	LIST("links", links),
	LIST("events", recents),
};

static const struct template_field admin_add[] = {
	FRAME,
	PHRASE("problem", "admin.name_taken"),
	TEXT("name", "ann"),
	TEXT("address", "ann@example.org"),
	TEXT("display_name", "Ann Example"),
	TEXT("wanted_roles", "editor"),
	FLAG("name_invalid"),
	FLAG("address_invalid"),
	FLAG("display_name_invalid"),
	FLAG("roles_invalid"),
	FLAG("has_mail"),
};

static const struct template_field admin_invite[] = {
	FRAME,
	PHRASE("problem", "admin.address_invalid"),
	TEXT("address", "ann@example.org"),
	TEXT("wanted_roles", "editor"),
	FLAG("address_invalid"),
	FLAG("roles_invalid"),
	FLAG("has_mail"),
};

static const struct template_field invitation[] = {
	TEXT("id", "11111111-2222-4333-8444-555555555555"),
	TEXT("address", "ann@example.org"),
	TEXT("wanted_roles", "editor"),
	TEXT("uses", "1"),
	TIME("since"),
	TIME("until"),
	FLAG("over"),
	FLAG("may_resend"),
	FLAG("may_withdraw"),
};
static const struct template_scope invitations[] = { { invitation, COUNT(invitation) } };

static const struct template_field admin_invitations[] = {
	FRAME,
	PHRASE("problem", "admin_invitations.missing"),
	LIST("invitations", invitations),
	TEXT("next", "1.11111111-2222-4333-8444-555555555555"),
	TEXT("csv", "/admin/invitations.csv"),
};

static const struct template_field admin_link[] = {
	FRAME,
	TEXT("name", "ann"),
	TEXT("link", "https://example.org/account/link?token=dwx_"),
};

static const struct template_field imported[] = {
	TEXT("line", "2"),
	TEXT("name", "ann"),
	PHRASE("said", "admin_import.can_mail"),
	TEXT("reason", "a quote that is never closed"),
	FLAG("good"),
	FLAG("is_there"),
};
static const struct template_scope importeds[] = { { imported, COUNT(imported) } };

static const struct template_field admin_import[] = {
	FRAME,
	PHRASE("problem", "admin_import.no_table"),
	TEXT("why", "the header has no column name"),
	TEXT("csv", "name,address,display_name,roles"),
	LIST("rows", importeds),
	TEXT("n_good", "29"),
	TEXT("n_bad", "1"),
	FLAG("checked"),
	FLAG("done"),
};

static const struct template_field several[] = {
	TEXT("id", "ID"),    TEXT("seen", "VERSION"),
	TEXT("name", "ann"), PHRASE("said", "admin_many.will"),
	FLAG("good"),        FLAG("asked"),
};
static const struct template_scope severals[] = { { several, COUNT(several) } };

static const struct template_field admin_many[] = {
	FRAME,
	PHRASE("heading", "admin_many.disable"),
	PHRASE("problem", "admin_many.nobody"),
	TEXT("what", "disable"),
	TEXT("role", "member"),
	LIST("rows", severals),
	FLAG("done"),
	FLAG("asked"),
	FLAG("deletes"),
};

const struct page_sample page_samples_admin[] = {
	{ SAMPLE(admin_import), .inputs = { "form_token", "csv", "do" } },
	{ SAMPLE(admin_many), .inputs = { "form_token", "what", "role", "do" } },
	{ SAMPLE(admin) },
	{ SAMPLE(admin_roles) },
	{ "admin_explain",
	  { "person", "address", "method" },
	  admin_explain,
	  COUNT(admin_explain) },
	{ "admin_audit",
	  { "person", "event", "since", "until" },
	  admin_audit,
	  COUNT(admin_audit) },
	{ SAMPLE(admin_logins) },
	{ SAMPLE(admin_throttled) },
	{ SAMPLE(admin_status) },
	{ SAMPLE(admin_mail), .inputs = { "form_token", "do" } },
	{ SAMPLE(admin_people), .inputs = { "q", "role", "state", "form_token", "do" } },
	{ SAMPLE(admin_person),
	  .inputs = { "form_token", "user", "seen", "do", "roles" } },
	{ SAMPLE(admin_add),
	  .inputs = { "form_token", "name", "address", "roles", "do" } },
	{ SAMPLE(admin_invite), .inputs = { "form_token", "address", "roles", "do" } },
	{ SAMPLE(admin_invitations), .inputs = { "form_token", "id", "do" } },
	{ SAMPLE(admin_link) },
	{ NULL },
};
