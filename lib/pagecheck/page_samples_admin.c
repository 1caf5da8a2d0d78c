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
	TEXT("kid", "2026-01"), TEXT("alg", "ES256"), TIME("made"),
	TEXT("key_days", "30"), TIME("until"),
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
	TEXT("address", "ann@example.org"),
	FLAG("unverified"),
	FLAG("no_address"),
	PHRASE("problem", "admin_mail.failing"),
	PHRASE("news", "admin_mail.sent"),
	TEXT("failure", "the mail server refused the address"),
	TIME("since"),
};

const struct page_sample page_samples_admin[] = {
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
	{ NULL },
};
