#include "serve/serve_plain.h"

#include "base/base64url.h"
#include "crypto/hash.h"
#include "template/escape.h"

#define CLOSED "Closed for a moment"
#define CLOSED_TEXT                                                                      \
	"This page cannot be shown right now. Please try again in a minute; nothing is " \
	"lost."

/* The look of share/common/doorward.css, as far as this page needs it. */
static const char style[] =
	":root{color-scheme:light dark;--wall:#ece7dd;--door:#fffdf8;--edge:#d5ccba;"
	"--ink:#1f2b28;--soft:#55605b;--accent:#1d5c4c;--on:#fff;--glow:#f3c77457}"
	"@media(prefers-color-scheme:dark){:root{--wall:#0e1716;--door:#172221;"
	"--edge:#2c3b38;--ink:#e9ece6;--soft:#a7b3ad;--accent:#8fd4b8;--on:#0b1c16;"
	"--glow:#f3c77426}}"
	"*{box-sizing:border-box}"
	"html{background:var(--wall);color:var(--ink);font:100%/1.5 system-ui,sans-serif}"
	"body{margin:0;display:flex;justify-content:center;"
	"padding:clamp(1rem,5vh,3.5rem) 1rem 1.5rem;overflow-wrap:anywhere}"
	"main{width:100%;max-width:25rem;padding:3.5rem 2rem 2.75rem;text-align:center;"
	"background:radial-gradient(circle at 50% 5.75rem,var(--glow),transparent 11rem),"
	"var(--door);border:1px solid var(--edge);"
	"border-radius:min(12.5rem,50vw) min(12.5rem,50vw) .5rem .5rem}"
	"svg{display:block;margin:0 auto 1.25rem;fill:var(--accent)}"
	"h1{font:500 1.75rem/1.2 ui-serif,Georgia,serif;margin:0;text-wrap:balance}"
	"p{color:var(--soft);margin:.5rem 0 0;text-wrap:balance}"
	"a{display:block;margin:1.5rem 0 0;padding:.7rem;border-radius:.5rem;"
	"font-weight:600;text-decoration:none;color:var(--on);background:var(--accent)}"
	"a:focus-visible{outline:3px solid var(--accent);outline-offset:2px}";

static const char mark[] =
	"<svg viewBox=\"0 0 48 56\" width=\"48\" height=\"56\" aria-hidden=\"true\">\n"
	"<path d=\"M4 54V24a20 20 0 0 1 40 0v30z\"/>\n"
	"<path fill=\"#f3c774\" d=\"M12 54V24a12 12 0 0 1 24 0v30z\"/>\n"
	"<path fill=\"#123c32\" d=\"M12 54V24a12 12 0 0 1 12-12l-3 5v37z\"/>\n"
	"</svg>\n";

/* Base64 with its padding (CSP 3, 2.3.1): that of 32 bytes ends in one =. */
static bool
add_hash(struct buf *out, const unsigned char hash[SHA256_SIZE])
{
	size_t from = out->n;

	base64url_encode(out, (struct str){ (const char *)hash, SHA256_SIZE });
	for (size_t i = from; i < out->n; i++)
		out->p[i] = out->p[i] == '-' ? '+' : out->p[i] == '_' ? '/' : out->p[i];
	return buf_addc(out, '=');
}

/* The style of this page and no other; where it cannot be named, none at all. */
static void
set_policy(struct response *resp)
{
	unsigned char hash[SHA256_SIZE];
	struct buf policy;

	buf_init(&policy, 256);
	buf_addz(&policy, "default-src 'none'; ");
	if (sha256(str_of(style), hash) == ERR_OK) {
		buf_addz(&policy, "style-src 'sha256-");
		add_hash(&policy, hash);
		buf_addz(&policy, "'; ");
	}
	buf_addz(&policy, "form-action 'none'; frame-ancestors 'none'; base-uri 'none'");
	response_header(resp, "Content-Security-Policy", buf_str(&policy));
	buf_done(&policy);
}

void
serve_plain_error(struct response *resp, int status, const char *description)
{
	const char *title = status == 503 ? CLOSED : response_reason(status);
	struct buf html;

	buf_init(&html, 8192);
	buf_addz(&html, "<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n"
			"<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
			"content=\"width=device-width, initial-scale=1\">\n"
			"<meta name=\"robots\" content=\"noindex\">\n<title>");
	escape_html(&html, str_of(title));
	buf_addf(&html, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n%s<h1>",
		 style, mark);
	escape_html(&html, str_of(title));
	buf_addz(&html, "</h1>\n<p role=\"alert\">");
	escape_html(&html, str_of(status == 503 ? CLOSED_TEXT : description));
	buf_addz(&html, "</p>\n");
	if (status == 503)
		buf_addz(&html, "<a href=\"\">Try again</a>\n");
	buf_addz(&html, "</main>\n</body>\n</html>\n");
	resp->failed = resp->failed || html.failed;
	set_policy(resp);
	response_send(resp, status, "text/html; charset=utf-8", buf_str(&html));
	buf_done(&html);
}
