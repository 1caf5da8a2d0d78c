/*
 * The values that each page gives to its template. `make lint` compares them with the
 * calls of page_text and similar functions.
 */
#include "access/urls.h"
#include "pagecheck/page_sample_parts.h"

static const struct template_field login[] = {
	TOKEN,
	TEXT("asker", "Wiki"),
	TEXT("return_to", "/members/"),
	TEXT("username", "ann"),
	PHRASE("username_label", "login.username"),
	PHRASE("problem", "login.throttled"),
	PHRASE("notice", "login.fresh"),
	FLAG("username_invalid"),
	FLAG("password_invalid"),
	FLAG("focus_username"),
	FLAG("remember"),
	WAIT,
	TEXT("passkey_options", "{}"),
	FLAG("forgot"),
	FLAG("register"),
};

static const struct template_field offer[] = {
	PHRASE("offer", "mfa.remember_days"),
	TEXT("count", "30"),
};
static const struct template_scope offers[] = { { offer, COUNT(offer) } };

static const struct template_field mfa[] = {
	TOKEN,
	TEXT("asker", "Wiki"),
	TEXT("return_to", "/members/"),
	TEXT("need", "factor"),
	TEXT("username", "ann"),
	PHRASE("lead", "mfa.signing_in"),
	TEXT("passkey_options", "{}"),
	PHRASE("problem", "mfa.throttled"),
	FLAG("signing_in"),
	FLAG("totp"),
	FLAG("recovery"),
	FLAG("by_code"),
	FLAG("code_invalid"),
	FLAG("recovery_invalid"),
	FLAG("recovery_open"),
	FLAG("focus_recovery"),
	LIST("remember_offer", offers),
	FLAG("remember_device"),
	WAIT,
};

static const struct template_field recovery[] = {
	PHRASE("left", "recovery.left"),
	TEXT("count", "8"),
	TEXT("target", "/members/"),
};

static const struct template_field factor[] = {
	TOKEN,
	TEXT("return_to", "/members/"),
	TEXT("username", "ann"),
	PHRASE("lead", "factor.lead_required"),
	PHRASE("problem", "factor.stale"),
	FLAG("app"),
	FLAG("has_app"),
	FLAG("nothing"),
	FLAG("recovery"),
	FLAG("session"),
	TEXT("passkey_options", "{}"),
	TEXT("passkey_name", "Chrome on Linux"),
};

static const struct template_field factor_app[] = {
	TOKEN,
	TEXT("return_to", "/members/"),
	TEXT("username", "ann"),
	PHRASE("problem", "factor.code_clock"),
	TEXT("secret", "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"),
	TEXT("uri", "otpauth://totp/Example:ann?secret=GEZDGNBVGY3TQOJQ"),
	FLAG("qr"),
	TEXT("path", "M4 4h7v1h-7z"),
	TEXT("side", "33"),
};

static const struct template_field factor_prove[] = {
	TOKEN,
	TEXT("return_to", "/members/"),
	TEXT("username", "ann"),
	PHRASE("problem", "mfa.throttled"),
	WAIT,
};

static const struct template_field code[] = { TEXT("code", "abcd-efgh-2345-67ab") };
static const struct template_scope codes[] = { { code, COUNT(code) } };

static const struct template_field factor_codes[] = {
	TEXT("username", "ann"),
	TEXT("target", "/members/"),
	LIST("codes", codes),
};

static const struct template_field factor_note[] = {
	TOKEN,
	TEXT("return_to", "/members/"),
	TEXT("username", "ann"),
	PHRASE("heading", "factor.needs_link"),
	PHRASE("lead", "factor.needs_link_lead"),
	PHRASE("next", "factor.needs_link_next"),
	TEXT("what", "link"),
	TEXT("target", "/members/"),
	FLAG("plain"),
	PHRASE("button", "factor.needs_link_button"),
};

static const struct template_field scope[] = { PHRASE("scope", "scope.email") };
static const struct template_scope scopes[] = { { scope, COUNT(scope) } };

static const struct template_field oauth_consent[] = {
	TOKEN,
	TEXT("id", "3f0c1d5e-8a77-4b1c-9d2e-5a6b7c8d9e0f"),
	TEXT("return_to", URL_OAUTH_AUTHORIZE "?id=3f0c1d5e-8a77-4b1c-9d2e-5a6b7c8d9e0f"),
	TEXT("username", "ann"),
	TEXT("client", "Wiki"),
	TEXT("client_id", "wiki"),
	TEXT("leads_to", "https://wiki.example"),
	LIST("scopes", scopes),
	PHRASE("problem", "oauth_consent.stale"),
	FLAG("remembered"),
};

static const struct template_field oauth_forbidden[] = {
	TOKEN,
	TEXT("id", "3f0c1d5e-8a77-4b1c-9d2e-5a6b7c8d9e0f"),
	TEXT("return_to", URL_OAUTH_AUTHORIZE "?id=3f0c1d5e-8a77-4b1c-9d2e-5a6b7c8d9e0f"),
	TEXT("username", "ann"),
	TEXT("client", "Wiki"),
};

static const struct template_field oauth_mistake[] = {
	PHRASE("mistake", "oauth_mistake.redirect_unknown"),
	TEXT("client", "wiki"),
	TEXT("redirect_uri", "https://wiki.example/callback"),
};

static const struct template_field oauth_over[] = {
	PHRASE("why", "oauth_over.gone"),
	TEXT("leads_to", "https://wiki.example"),
};

static const struct template_field session[] = {
	TEXT("id", "7"),
	TEXT("browser", "Firefox"),
	TEXT("system", "Linux"),
	TEXT("address", "192.0.2.1"),
	TIME("since"),
	PHRASE("by", "account.by.password_code"),
	TIME("proven"),
	TIME("used_at"),
	PHRASE("used", "ago.hours"),
	TEXT("count", "5"),
	{ "this_one", TEMPLATE_FLAG, .on = false },
	FLAG("both"),
	FLAG("neither"),
};
static const struct template_scope sessions[] = { { session, COUNT(session) } };

static const struct template_field account[] = {
	TOKEN,
	TEXT("username", "ann"),
	LIST("roles", roles),
	TIME("since"),
	FLAG("has_password"),
	TIME("password_since"),
	FLAG("has_passkeys"),
	FLAG("has_app"),
	FLAG("has_codes"),
	FLAG("has_none"),
	PHRASE("notice", "account.done_ended"),
	TEXT("display_name", "Ann of Example"),
	FLAG("mail_shown"),
	TEXT("mail", "ann@example.org"),
	FLAG("unproved"),
	TEXT("wanted", "new@example.org"),
	FLAG("has_mail"),
	FLAG("others"),
	LIST("sessions", sessions),
	TEXT("tokens", "2"),
	FLAG("apps_shown"),
	TEXT("apps", "3"),
};

#define TOKEN_FORM                                                                       \
	PHRASE("problem", "token.bad_prefix"), TEXT("label", "backup"),                  \
		TEXT("prefix", "/dav"), TEXT("days", "90"), TEXT("most", "365"),         \
		FLAG("label_invalid"), FLAG("role_invalid"), FLAG("prefix_invalid"),     \
		FLAG("days_invalid"), FLAG("has_choices"), LIST("choices", choices)

static const struct template_field choice[] = {
	TEXT("role", "member"),
	FLAG("chosen"),
};
static const struct template_scope choices[] = { { choice, COUNT(choice) } };

static const struct template_field program[] = {
	TEXT("id", "11111111-2222-4333-8444-555555555555"),
	TEXT("token", "backup"),
	TEXT("rights", "member"),
	TEXT("below", "/dav"),
	TIME("made"),
	TIME("until"),
};
static const struct template_scope programs[] = { { program, COUNT(program) } };

static const struct template_field tokens[] = {
	TOKEN,
	TEXT("username", "ann"),
	PHRASE("notice", "tokens.done_ended"),
	LIST("tokens", programs),
	FLAG("has_tokens"),
	FLAG("may_make"),
	TEXT("again", URL_LOGIN_FRESH URL_ACCOUNT_TOKENS),
	TOKEN_FORM,
};

static const struct template_field allowance[] = {
	TEXT("id", "nextcloud"),
	TEXT("app", "Nextcloud"),
	LIST("scopes", scopes),
	TIME("since"),
	TIME("used"),
	FLAG("stays"),
};
static const struct template_scope allowances[] = { { allowance, COUNT(allowance) } };

static const struct template_field apps[] = {
	TOKEN,
	TEXT("username", "ann"),
	PHRASE("notice", "apps.done_ended"),
	LIST("apps", allowances),
	FLAG("has_apps"),
};

static const struct template_field token[] = {
	TOKEN,
	TEXT("username", "ann"),
	TOKEN_FORM,
};

static const struct template_field token_made[] = {
	TEXT("token", "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"),
	TEXT("label", "backup"),
	TEXT("address", "https://example.org"),
	TEXT("prefix", "/dav"),
	TIME("until"),
};

static const struct template_field passkey[] = {
	TEXT("id", "11111111-2222-4333-8444-555555555555"),
	TEXT("passkey", "My phone"),
	TIME("since"),
	TIME("used"),
	FLAG("synced"),
	FLAG("bound"),
	TEXT("elsewhere", "old.example.org"),
};
static const struct template_scope passkeys[] = { { passkey, COUNT(passkey) } };

static const struct template_field code_app[] = {
	TEXT("id", "totp"), TEXT("passkey", ""), TIME("since"),         TIME("used"),
	FLAG("synced"),     FLAG("bound"),       TEXT("elsewhere", ""),
};
static const struct template_scope code_apps[] = { { code_app, COUNT(code_app) } };

static const struct template_field factors[] = {
	TOKEN,
	TEXT("username", "ann"),
	PHRASE("notice", "factors.done_removed"),
	FLAG("has_password"),
	TIME("password_since"),
	FLAG("has_passkeys"),
	LIST("passkeys", passkeys),
	FLAG("has_app"),
	LIST("app", code_apps),
	FLAG("has_codes"),
	TEXT("left", "9"),
	TIME("codes_used"),
};

static const struct template_field way[] = {
	TOKEN,
	TEXT("username", "ann"),
	PHRASE("problem", "way.bad_name"),
	FLAG("name_invalid"),
	FLAG("is_app"),
	FLAG("is_passkey"),
	TEXT("name", "My phone"),
	LIST("factor", passkeys),
};

static const struct template_field language[] = {
	TEXT("tag", "de"),
	TEXT("label", "Deutsch"),
	FLAG("chosen"),
};
static const struct template_scope languages[] = { { language, COUNT(language) } };

static const struct template_field profile[] = {
	TOKEN,
	TEXT("username", "ann"),
	PHRASE("problem", "profile.invalid"),
	TEXT("display_name", "Ann of Example"),
	FLAG("has_languages"),
	LIST("languages", languages),
};

static const struct template_field address[] = {
	TOKEN,
	TEXT("username", "ann"),
	PHRASE("problem", "address.wait"),
	FLAG("invalid"),
	TEXT("mail", "new@example.org"),
	TEXT("address", "ann@example.org"),
	TEXT("wanted", "new@example.org"),
	WAIT,
};

static const struct template_field delete[] = {
	TOKEN,
	TEXT("username", "ann"),
	PHRASE("problem", "delete.unsure"),
};

static const struct template_field password[] = {
	TOKEN,
	TEXT("username", "ann"),
	PHRASE("problem", "password.wait"),
	FLAG("has_password"),
	FLAG("has_tokens"),
	FLAG("current_invalid"),
	FLAG("next_invalid"),
	FLAG("repeat_invalid"),
	FLAG("focus_current"),
	FLAG("focus_next"),
	FLAG("focus_repeat"),
	WAIT,
	TEXT("least", "10"),
};

static const struct template_field link[] = {
	TOKEN,
	PHRASE("heading", "link.register"),
	PHRASE("lead", "link.register_lead"),
	PHRASE("button", "link.enter_button"),
	PHRASE("problem", "password.too_short"),
	FLAG("wants_name"),
	FLAG("wants_mail"),
	FLAG("wants_password"),
	FLAG("self"),
	FLAG("passkey"),
	TEXT("username", "ann"),
	TEXT("address", "ann@example.org"),
	TEXT("mail", "ann@example.org"),
	FLAG("name_invalid"),
	FLAG("mail_invalid"),
	FLAG("focus_name"),
	FLAG("focus_mail"),
	FLAG("focus_password"),
	FLAG("password_invalid"),
	FLAG("repeat_invalid"),
	TEXT("least", "10"),
};

static const struct template_field note[] = {
	PHRASE("heading", "note.expired"),  PHRASE("lead", "note.expired_lead"),
	PHRASE("next", "note.next_reset"),  TEXT("target", URL_ACCOUNT_FORGOT),
	PHRASE("button", "note.ask_again"),
};

static const struct template_field forgot[] = {
	TOKEN,
	TEXT("typed", "ann"),
	PHRASE("problem", "forgot.wait"),
	WAIT,
};

static const struct template_field registration[] = {
	TOKEN,
	TEXT("typed", "ann@example.org"),
	TEXT("domains", "example.org"),
	PHRASE("problem", "registration.wait"),
	WAIT,
};

static const struct template_field protected[] = {
	TEXT("username", "ann"),
	TEXT("subject", "11111111-2222-4333-8444-555555555555"),
	LIST("roles", roles),
	TIME("expires"),
};

static const struct template_field error[] = {
	PHRASE("heading", "error.not_found.title"),
	PHRASE("message", "error.not_found.text"),
};

static const struct template_field forbidden[] = {
	TEXT("username", "ann"),
	TEXT("return_to", "/members/"),
};

static const struct template_field end_session[] = {
	PHRASE("problem", "end_session.bad_address"),
	TEXT("client", "Wiki"),
	TEXT("username", "ann"),
};

static const struct template_field cookies[] = { TEXT("return_to", "/members/") };
static const struct template_field notdone[] = { TEXT("return_to", "/members/") };

const struct page_sample page_samples[] = {
	{ SAMPLE(login), .inputs = { "form_token", "username", "password" } },
	{ SAMPLE(mfa), .inputs = { "form_token", "code", "recovery_code" } },
	{ SAMPLE(recovery) },
	{ SAMPLE(factor), .inputs = { "form_token", "do" } },
	{ SAMPLE(factor_app), .inputs = { "form_token", "do", "code" } },
	{ SAMPLE(factor_prove), .inputs = { "form_token", "do", "code" } },
	{ SAMPLE(factor_codes) },
	{ SAMPLE(factor_note), .inputs = { "form_token", "do" } },
	{ SAMPLE(account), .inputs = { "form_token", "session", "others" } },
	{ SAMPLE(password), .inputs = { "form_token", "current", "next", "repeat" } },
	{ SAMPLE(factors) },
	{ SAMPLE(tokens),
	  .inputs = { "form_token", "token", "label", "role", "days", "prefix" } },
	{ SAMPLE(apps), .inputs = { "form_token", "client" } },
	{ SAMPLE(token), .inputs = { "form_token", "label", "role", "days", "prefix" } },
	{ SAMPLE(token_made) },
	{ SAMPLE(way), .inputs = { "form_token", "id", "do", "name" } },
	{ SAMPLE(profile), .inputs = { "form_token", "display_name" } },
	{ SAMPLE(address), .inputs = { "form_token", "mail" } },
	{ SAMPLE(delete), .inputs = { "form_token", "sure" } },
	{ "gone" },
	{ SAMPLE(link),
	  .inputs = { "form_token", "username", "address", "password", "repeat" } },
	{ SAMPLE(note) },
	{ SAMPLE(forgot), .inputs = { "form_token", "who" } },
	{ SAMPLE(registration), .inputs = { "form_token", "address" } },
	{ SAMPLE(protected) },
	{ SAMPLE(error) },
	{ SAMPLE(forbidden) },
	{ SAMPLE(oauth_consent), .inputs = { "form_token", "id", "do" } },
	{ SAMPLE(oauth_forbidden), .inputs = { "form_token", "id", "do" } },
	{ SAMPLE(oauth_mistake) },
	{ SAMPLE(oauth_over) },
	{ SAMPLE(end_session) },
	{ SAMPLE(cookies) },
	{ SAMPLE(notdone) },
	{ "goodbye" },
	{ NULL },
};

const struct page_sample *
page_sample_at(size_t i)
{
	size_t n = COUNT(page_samples) - 1;
	const struct page_sample *s =
		i < n ? &page_samples[i] : &page_samples_admin[i - n];

	return s->name != NULL ? s : NULL;
}
