#include "template/template.h"

#include "template/escape.h"
#include "template/html_place.h"

#define NAME_MAX_LENGTH 64

/* The scopes in which a name is looked up, the innermost first. */
struct chain {
	const struct template_scope *scope;
	const struct chain *outer;
};

struct render {
	const struct template_source *source;
	struct buf *out;
	struct why *why;
	unsigned depth;
	bool checking;  /* template_check: check every section, whatever the values are */
	bool nameless;  /* template_check without names: any name may have a value */
	bool is_phrase; /* the text is a phrase: it is escaped and contains no markup of
			 * ours */
	struct html_place place;
	struct str part; /* the template that is being rendered; empty: the outermost
			  * one */
};

/* The text between {{ and }}. */
struct tag {
	char sign;       /* # ^ / > ! or 0 */
	struct str kind; /* "url", "query", "text" or empty */
	struct str name;
};

static enum err render(struct render *r, struct str text, const struct chain *chain);

static enum err
refuse(const struct render *r, enum err e, const char *what, struct str name)
{
	r->out->failed = true;
	if (name.n > NAME_MAX_LENGTH)
		name.n = NAME_MAX_LENGTH;
	if (r->part.n > 0)
		return why_set(r->why, e, "in {{>%.*s}}: %s: \"%.*s\"", STR_ARG(r->part),
			       what, STR_ARG(name));
	return why_set(r->why, e, "%s: \"%.*s\"", what, STR_ARG(name));
}

static bool
is_name(struct str name)
{
	if (name.n == 0 || name.n > NAME_MAX_LENGTH)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' &&
		    c != '.')
			return false;
	}
	return true;
}

static bool
is_kind(struct str kind)
{
	return str_is(kind, "url") || str_is(kind, "query") || str_is(kind, "text");
}

static size_t
index_of_pair(struct str text, char c)
{
	for (size_t i = 0; i + 1 < text.n; i++) {
		if (text.p[i] == c && text.p[i + 1] == c)
			return i;
	}
	return text.n;
}

/*
 * Cut `text` at its first tag. Returns the part before it and leaves the part after
 * it. `*found` is false if there is no tag. ERR_SYNTAX for a bad tag.
 */
static enum err
next_tag(const struct render *r, struct str *text, struct str *before, struct tag *tag,
	 bool *found)
{
	size_t open = index_of_pair(*text, '{');
	struct str inner, rest = str_sub(*text, open + 2, text->n);
	size_t close = index_of_pair(rest, '}');

	*tag = (struct tag){ 0 };
	*found = open < text->n;
	*before = str_sub(*text, 0, open);
	if (!*found)
		return ERR_OK;
	if (close == rest.n)
		return refuse(r, ERR_SYNTAX, "a tag is not closed", rest);
	inner = str_sub(rest, 0, close);
	*text = str_sub(rest, close + 2, rest.n);
	if (inner.n > 0 && inner.p[0] == '!') {
		tag->sign = '!';
		return ERR_OK;
	}
	if (inner.n > 0 && str_index(STR("#^/>"), inner.p[0]) < 4) {
		tag->sign = inner.p[0];
		inner = str_sub(inner, 1, inner.n);
	}
	tag->name = inner;
	if (tag->sign == 0 && str_index(inner, ':') < inner.n) {
		tag->kind = str_cut(&tag->name, ':');
		if (!is_kind(tag->kind))
			return refuse(r, ERR_SYNTAX, "not a tag", inner);
	}
	if (!is_name(tag->name))
		return refuse(r, ERR_SYNTAX, "not a tag", inner);
	return ERR_OK;
}

static const struct template_field *
find(const struct chain *chain, struct str name)
{
	for (; chain != NULL; chain = chain->outer) {
		for (size_t i = 0; i < chain->scope->n; i++) {
			if (str_is(name, chain->scope->fields[i].name))
				return &chain->scope->fields[i];
		}
	}
	return NULL;
}

/* Text that is no HTML: its places are all alike. */
static bool
is_plain(const struct render *r)
{
	return r->source != NULL && r->source->plain;
}

static enum err
literal(struct render *r, struct str text)
{
	if (is_plain(r)) {
		buf_add(r->out, text);
	} else if (r->is_phrase) {
		escape_html(r->out, text);
	} else {
		if (!html_place_advance(&r->place, text))
			return refuse(r, ERR_SYNTAX, "an element is not allowed", text);
		buf_add(r->out, text);
	}
	return r->out->failed ? ERR_MEMORY : ERR_OK;
}

/* Render `text` one level deeper, and then go on at the same place. */
static enum err
deeper(struct render *r, struct str text, const struct chain *chain, bool is_phrase)
{
	bool was_phrase = r->is_phrase;
	enum err e;

	if (r->depth >= TEMPLATE_DEPTH_MAX)
		return refuse(r, ERR_LIMIT, "nested too deep", text);
	r->depth++;
	r->is_phrase = is_phrase;
	e = render(r, text, chain);
	r->is_phrase = was_phrase;
	r->depth--;
	return e;
}

/* The number for a counted phrase. */
static struct str
count_at(const struct chain *chain)
{
	const struct template_field *field = find(chain, STR("count"));

	return field != NULL && field->kind == TEMPLATE_TEXT ? field->text : STR("");
}

static enum err
phrase(struct render *r, struct str key, const struct chain *chain)
{
	struct str text;

	if (r->source == NULL || r->source->phrase == NULL ||
	    !r->source->phrase(r->source->arg, key, count_at(chain), &text))
		return refuse(r, ERR_NOT_FOUND, "no such phrase", key);
	if (html_place_need(&r->place) != HTML_ESCAPED)
		return refuse(r, ERR_SYNTAX, "a phrase cannot stand here", key);
	return deeper(r, text, chain, true);
}

static enum html_need
need_of(struct str kind)
{
	if (str_is(kind, "url"))
		return HTML_URL;
	return str_is(kind, "query") ? HTML_QUERY : HTML_ESCAPED;
}

static enum err
value(struct render *r, const struct tag *tag, const struct chain *chain)
{
	const struct template_field *field;
	enum html_need need = need_of(tag->kind);

	if (str_is(tag->kind, "text"))
		return phrase(r, tag->name, chain);
	if (html_place_need(&r->place) != need)
		return refuse(r, ERR_SYNTAX, "cannot stand here in this way", tag->name);
	if (r->nameless) {
		html_place_value(&r->place);
		return ERR_OK;
	}
	field = find(chain, tag->name);
	if (field == NULL)
		return refuse(r, ERR_NOT_FOUND, "no such value", tag->name);
	if (field->kind == TEMPLATE_PHRASE && need == HTML_ESCAPED)
		return phrase(r, field->text, chain);
	if (field->kind != TEMPLATE_TEXT)
		return refuse(r, ERR_SYNTAX, "cannot be shown", tag->name);
	if (need == HTML_URL && !escape_html_url(r->out, field->text))
		return refuse(r, ERR_SYNTAX, "is not a URL to link to", tag->name);
	if (need == HTML_QUERY)
		escape_url(r->out, field->text);
	if (need == HTML_ESCAPED)
		(is_plain(r) ? escape_plain : escape_html)(r->out, field->text);
	html_place_value(&r->place);
	return r->out->failed ? ERR_MEMORY : ERR_OK;
}

/* Cut `text` after the tag that closes `name`. The part within goes to `inner`. */
static enum err
section_end(const struct render *r, struct str *text, struct str name, struct str *inner)
{
	struct str start = *text, before;
	unsigned open = 1;
	struct tag tag;
	bool found;
	enum err e;

	while ((e = next_tag(r, text, &before, &tag, &found)) == ERR_OK && found) {
		if (tag.sign == '#' || tag.sign == '^')
			open++;
		if (tag.sign == '/' && --open == 0)
			break;
	}
	if (e != ERR_OK)
		return e;
	if (!found || !str_eq(tag.name, name))
		return refuse(r, ERR_SYNTAX, "a section is not closed", name);
	*inner = str_sub(start, 0, (size_t)(before.p + before.n - start.p));
	return ERR_OK;
}

/* Render the inner part of a section as many times as its value demands. */
static enum err
repeat(struct render *r, const struct template_field *field, struct str inner,
       const struct chain *chain)
{
	enum err e = ERR_OK;

	if (field == NULL || field->kind != TEMPLATE_LIST || field->n_items == 0)
		return deeper(r, inner, chain, false);
	for (size_t i = 0; i < field->n_items && e == ERR_OK; i++)
		e = deeper(r, inner, &(struct chain){ &field->items[i], chain }, false);
	return e;
}

static bool
is_set(const struct template_field *field)
{
	switch (field->kind) {
	case TEMPLATE_TEXT:
	case TEMPLATE_PHRASE:
		return field->text.n > 0;
	case TEMPLATE_FLAG:
		return field->on;
	case TEMPLATE_LIST:
		return field->n_items > 0;
	}
	return false;
}

static enum err
section(struct render *r, const struct tag *tag, struct str inner,
	const struct chain *chain)
{
	const struct template_field *field = find(chain, tag->name);
	struct html_place start = r->place;
	enum err e;

	if (field == NULL && !r->nameless)
		return refuse(r, ERR_NOT_FOUND, "no such value", tag->name);
	if (r->is_phrase)
		return refuse(r, ERR_SYNTAX, "a phrase has no sections", tag->name);
	if (!r->checking && is_set(field) != (tag->sign == '#'))
		return ERR_OK;
	e = repeat(r, field, inner, chain);
	if (e == ERR_OK && !html_place_eq(&start, &r->place))
		return refuse(r, ERR_SYNTAX, "a section breaks a tag", tag->name);
	return e;
}

static enum err
part(struct render *r, struct str name, const struct chain *chain)
{
	struct str text, outer = r->part;
	enum err e;

	if (r->source == NULL || r->source->part == NULL ||
	    !r->source->part(r->source->arg, name, &text))
		return refuse(r, ERR_NOT_FOUND, "no such template", name);
	if (r->is_phrase || r->place.in_tag)
		return refuse(r, ERR_SYNTAX, "a template cannot stand here", name);
	r->part = name;
	e = deeper(r, text, chain, false);
	if (e == ERR_OK && r->place.in_tag)
		e = refuse(r, ERR_SYNTAX, "ends within a tag", name);
	r->part = outer;
	return e;
}

static enum err
render(struct render *r, struct str text, const struct chain *chain)
{
	struct str before, inner;
	struct tag tag;
	bool found;
	enum err e;

	for (;;) {
		if ((e = next_tag(r, &text, &before, &tag, &found)) != ERR_OK ||
		    (e = literal(r, before)) != ERR_OK || !found)
			return e;
		switch (tag.sign) {
		case '!':
			break;
		case '#':
		case '^':
			e = section_end(r, &text, tag.name, &inner);
			if (e == ERR_OK)
				e = section(r, &tag, inner, chain);
			break;
		case '/':
			e = refuse(r, ERR_SYNTAX, "no such section is open", tag.name);
			break;
		case '>':
			e = part(r, tag.name, chain);
			break;
		default:
			e = value(r, &tag, chain);
		}
		if (e != ERR_OK)
			return e;
	}
}

static enum err
render_whole(struct render *r, struct str text, const struct template_scope *scope)
{
	struct chain chain = { scope, NULL };
	enum err e = render(r, text, &chain);

	if (e == ERR_OK && r->place.in_tag)
		e = refuse(r, ERR_SYNTAX, "ends within a tag", text);
	if (e == ERR_MEMORY)
		why_set(r->why, e, "the page is too large");
	return e;
}

enum err
template_render(const struct template_source *source, struct str text,
		const struct template_scope *scope, struct buf *out, struct why *why)
{
	struct render r = { .source = source, .out = out, .why = why };

	return render_whole(&r, text, scope);
}

enum err
template_check(const struct template_source *source, struct str text,
	       const struct template_scope *known, struct why *why)
{
	const struct template_scope nothing = { NULL, 0 };
	struct render r = {
		.source = source, .why = why, .checking = true, .nameless = known == NULL
	};
	struct buf out;
	enum err e;

	buf_init(&out, TEMPLATE_CHECK_MAX);
	r.out = &out;
	e = render_whole(&r, text, known != NULL ? known : &nothing);
	buf_done(&out);
	return e;
}
