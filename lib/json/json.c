#include "json/json.h"

#include <jansson.h>
#include <string.h>

#include "json/memory.h"

const struct json_limits json_usual = { .bytes = 16384, .depth = 8, .values = 512 };

/* Passwords and keys pass through Jansson's memory, so it is wiped. */
__attribute__((constructor)) static void
give_jansson_memory(void)
{
	json_set_alloc_funcs(json_memory_take, json_memory_give);
}

/* Where the string ends whose first quote is at `i`. */
static size_t
string_end(struct str text, size_t i)
{
	for (i++; i < text.n && text.p[i] != '"'; i++)
		if (text.p[i] == '\\')
			i++;
	return i;
}

/*
 * Jansson recurses to a depth of 2048 and builds any number of values. So both are
 * counted first. Each value but the root follows a bracket or a comma.
 */
static enum err
check_limits(struct str text, const struct json_limits *limits)
{
	size_t values = 1;
	unsigned depth = 0;

	if (text.n > limits->bytes)
		return ERR_LIMIT;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '"') {
			i = string_end(text, i);
		} else if (c == '{' || c == '[') {
			values++;
			if (++depth > limits->depth)
				return ERR_LIMIT;
		} else if (c == ',') {
			values++;
		} else if ((c == '}' || c == ']') && depth > 0) {
			depth--;
		}
	}
	return values > limits->values ? ERR_LIMIT : ERR_OK;
}

/* Jansson's own message quotes the input near the error, which must not be shown. */
static const char *
fault(const json_error_t *error)
{
	switch (json_error_code(error)) {
	case json_error_duplicate_key:
		return "a name occurs twice";
	case json_error_invalid_utf8:
		return "not UTF-8";
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return "a NUL character";
	case json_error_numeric_overflow:
		return "a number out of range";
	case json_error_end_of_input_expected:
		return "something follows the value";
	case json_error_premature_end_of_input:
		return "it ends too early";
	default:
		return "not JSON";
	}
}

enum err
json_parse(struct str text, const struct json_limits *limits, struct json_t **root,
	   struct why *why)
{
	json_error_t error;

	*root = NULL;
	if (check_limits(text, limits) != ERR_OK)
		return why_set(why, ERR_LIMIT, "JSON too long, too deep or too rich");
	if (text.n == 0)
		return why_set(why, ERR_SYNTAX, "JSON missing: it is empty");
	if (memchr(text.p, '\0', text.n) != NULL) /* Jansson skips these after a number */
		return why_set(why, ERR_SYNTAX, "JSON with a NUL byte");
	*root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error);
	if (*root != NULL)
		return ERR_OK;
	if (json_error_code(&error) == json_error_out_of_memory)
		return why_set(why, ERR_MEMORY, "no memory for JSON");
	return why_set(why, ERR_SYNTAX, "JSON line %d, byte %d: %s", error.line,
		       error.position, fault(&error));
}

void
json_free(struct json_t *root)
{
	json_decref(root);
}

bool
json_holds_object(const struct json_t *value)
{
	return value != NULL && json_typeof(value) == JSON_OBJECT;
}

/* Find the member. JSON_FOUND if it exists, with any type. */
static enum json_found
member(const struct json_t *object, const char *name, const json_t **value)
{
	if (!json_holds_object(object))
		return JSON_WRONG;
	*value = json_object_get(object, name);
	return *value == NULL ? JSON_ABSENT : JSON_FOUND;
}

static enum json_found
member_of_type(const struct json_t *object, const char *name, json_type type,
	       const json_t **value)
{
	const json_t *v = NULL;
	enum json_found f = member(object, name, &v);

	if (f != JSON_FOUND)
		return f;
	if (json_typeof(v) != type)
		return JSON_WRONG;
	*value = v;
	return JSON_FOUND;
}

bool
json_has(const struct json_t *object, const char *name)
{
	const json_t *v;

	return member(object, name, &v) == JSON_FOUND;
}

bool
json_has_null(const struct json_t *object, const char *name)
{
	const json_t *v;

	return member(object, name, &v) == JSON_FOUND && json_is_null(v);
}

bool
json_text(const struct json_t *value, struct str *text)
{
	if (!json_is_string(value))
		return false;
	*text = (struct str){ json_string_value(value), json_string_length(value) };
	return true;
}

enum json_found
json_get_str(const struct json_t *object, const char *name, struct str *value)
{
	const json_t *v;
	enum json_found f = member_of_type(object, name, JSON_STRING, &v);

	if (f == JSON_FOUND)
		json_text(v, value);
	return f;
}

enum json_found
json_get_bool(const struct json_t *object, const char *name, bool *value)
{
	const json_t *v;
	enum json_found f = member(object, name, &v);

	if (f != JSON_FOUND)
		return f;
	if (!json_is_boolean(v))
		return JSON_WRONG;
	*value = json_is_true(v);
	return JSON_FOUND;
}

enum json_found
json_get_int(const struct json_t *object, const char *name, int64_t min, int64_t max,
	     int64_t *value)
{
	const json_t *v;
	enum json_found f = member_of_type(object, name, JSON_INTEGER, &v);

	if (f != JSON_FOUND)
		return f;
	if (json_integer_value(v) < min || json_integer_value(v) > max)
		return JSON_WRONG;
	*value = json_integer_value(v);
	return JSON_FOUND;
}

#define NUMBER_MAX                                                                       \
	9007199254740992 /* 2^53: a double can represent every integer below
				     * it */

enum json_found
json_get_number(const struct json_t *object, const char *name, int64_t *floor_value,
		int64_t *ceil_value)
{
	const json_t *v;
	enum json_found f = member(object, name, &v);
	int64_t whole;
	double d;

	if (f != JSON_FOUND)
		return f;
	if (json_is_integer(v)) {
		whole = json_integer_value(v);
		if (whole < -NUMBER_MAX || whole > NUMBER_MAX)
			return JSON_WRONG;
		*floor_value = *ceil_value = whole;
		return JSON_FOUND;
	}
	d = json_real_value(v); /* 0 if there is none */
	if (!json_is_real(v) || !(d >= -(double)NUMBER_MAX && d <= (double)NUMBER_MAX))
		return JSON_WRONG;
	whole = (int64_t)d; /* towards zero */
	*floor_value = (double)whole > d ? whole - 1 : whole;
	*ceil_value = (double)whole < d ? whole + 1 : whole;
	return JSON_FOUND;
}

enum json_found
json_get_object(const struct json_t *object, const char *name,
		const struct json_t **value)
{
	return member_of_type(object, name, JSON_OBJECT, value);
}

enum json_found
json_get_array(const struct json_t *object, const char *name, const struct json_t **value)
{
	return member_of_type(object, name, JSON_ARRAY, value);
}

enum json_found
json_get_strs(const struct json_t *object, const char *name, struct str *values,
	      size_t max, size_t *n)
{
	const json_t *array = NULL;
	enum json_found f = member_of_type(object, name, JSON_ARRAY, &array);
	size_t count;

	if (f != JSON_FOUND)
		return f;
	count = json_array_size(array);
	if (count > max)
		return JSON_WRONG;
	for (size_t i = 0; i < count; i++)
		if (!json_is_string(json_array_get(array, i)))
			return JSON_WRONG;
	for (size_t i = 0; i < count; i++)
		json_text(json_array_get(array, i), &values[i]);
	*n = count;
	return JSON_FOUND;
}

size_t
json_count(const struct json_t *array)
{
	return json_array_size(array);
}

const struct json_t *
json_item(const struct json_t *array, size_t i)
{
	return json_array_get(array, i);
}

bool
json_each(const struct json_t *object,
	  bool (*each)(void *context, struct str name, const struct json_t *value),
	  void *context)
{
	const char *name;
	json_t *value;

	if (!json_holds_object(object))
		return false;
	json_object_foreach((json_t *)object, name, value)
	{
		if (!each(context, str_of(name), value))
			return false;
	}
	return true;
}

static bool
is_listed(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

bool
json_whole(const struct json_t *value, int64_t *n)
{
	if (!json_is_integer(value))
		return false;
	*n = json_integer_value(value);
	return true;
}

bool
json_only(const struct json_t *object, const char *const *names, struct str *stranger)
{
	const char *name;
	json_t *value;

	if (!json_holds_object(object))
		return false;
	json_object_foreach((json_t *)object, name, value)
	{
		if (is_listed(name, names))
			continue;
		if (stranger != NULL)
			*stranger = str_of(name);
		return false;
	}
	return true;
}
