/* Values of factors.h, as SQL has them. */
#include "store/factor/factors_parts.h"

#include "base/buf.h"
#include "base/text.h"

enum factors_used
factors_used_of(struct str word)
{
	static const struct {
		const char *word;
		enum factors_used used;
	} words[] = { { "ok", FACTORS_USED },
		      { "wait", FACTORS_WAIT },
		      { "wrong", FACTORS_WRONG },
		      { "replayed", FACTORS_REPLAYED },
		      { "counter", FACTORS_COUNTER } };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_is(word, words[i].word))
			return words[i].used;
	return FACTORS_OVER;
}

enum factors_set
factors_set_of(struct str word)
{
	static const struct {
		const char *word;
		enum factors_set set;
	} words[] = {
		{ "ok", FACTORS_SET_OK },
		{ "stale", FACTORS_SET_STALE },
		{ "link", FACTORS_SET_LINK },
		{ "none", FACTORS_SET_NONE },
		{ "known", FACTORS_SET_KNOWN },
		{ "full", FACTORS_SET_FULL },
		{ "replayed", FACTORS_SET_REPLAYED },
		{ "name", FACTORS_SET_NAME },
		{ "unknown", FACTORS_SET_UNKNOWN },
		{ "last", FACTORS_SET_LAST },
		{ "required", FACTORS_SET_REQUIRED },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_is(word, words[i].word))
			return words[i].set;
	return FACTORS_SET_OVER;
}

bool
factors_sealed_get(const struct db_rows *rows, int key_id, int sealed,
		   struct factors_sealed *s)
{
	struct str hex = db_str(rows, 0, sealed);

	*s = (struct factors_sealed){ .n = hex.n / 2 };
	if (db_is_null(rows, 0, key_id))
		return true;
	if (hex.n % 2 != 0 || s->n > sizeof(s->bytes) ||
	    !db_copy(rows, 0, key_id, s->key_id, sizeof(s->key_id)))
		return false;
	for (size_t i = 0; i < s->n; i++) {
		int high = text_hex_value(hex.p[2 * i]),
		    low = text_hex_value(hex.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		s->bytes[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

enum err
factors_try_get(const struct db_rows *rows, struct factors_try *t, struct why *why)
{
	*t = (struct factors_try){ .found = false };
	if (db_count(rows) != 1)
		return ERR_OK;
	if (db_is_null(rows, 0, 0) || !db_copy(rows, 0, 1, t->user, sizeof(t->user)) ||
	    !db_copy(rows, 0, 2, t->name, sizeof(t->name)) ||
	    !factors_sealed_get(rows, 3, 4, &t->totp))
		return why_set(why, ERR_DATABASE, "database: a try with bad values");
	t->wait = db_int(rows, 0, 0);
	t->last_step = db_int(rows, 0, 5);
	t->found = true;
	return ERR_OK;
}

/* ---- a proof as one argument: (way,step,"\\x…",…) ---- */

static void
put_bytes(struct buf *out, struct str bytes)
{
	buf_addc(out, ',');
	if (bytes.n == 0)
		return;
	buf_addz(out, "\"\\\\x");
	text_add_hex(out, bytes);
	buf_addc(out, '"');
}

static void
put_bool(struct buf *out, bool present, bool b)
{
	buf_addz(out, !present ? "," : b ? ",t" : ",f");
}

void
factors_arg(struct db_args *a, const struct factors_proof *proof)
{
	bool passkey = proof->way == FACTORS_PASSKEY;
	const struct factors_sealed *reseal = proof->reseal;
	struct buf text;

	buf_init(&text, 2048);
	buf_addc(&text, '(');
	buf_add(&text, factors_way_word(proof->way));
	buf_addc(&text, ',');
	if (proof->way == FACTORS_TOTP)
		buf_addi(&text, proof->step);
	put_bytes(&text, proof->code);
	buf_addc(&text, ',');
	buf_add(&text, proof->passkey);
	buf_addc(&text, ',');
	if (passkey)
		buf_addi(&text, proof->counter);
	put_bool(&text, passkey, proof->backed_up);
	put_bool(&text, passkey, proof->verified);
	put_bytes(&text, proof->nonce);
	buf_addc(&text, ',');
	if (reseal != NULL)
		buf_addz(&text, reseal->key_id);
	put_bytes(&text, reseal == NULL ? STR("")
					: (struct str){ (const char *)reseal->bytes,
							reseal->n });
	buf_addz(&text, proof->tell ? ",t)" : ",f)");
	db_arg_text(a, text.failed ? STR("") : buf_str(&text));
	buf_done(&text);
}

void
factors_arg_codes(struct db_args *a, const struct str codes[FACTORS_CODES])
{
	struct str words[FACTORS_CODES];
	struct buf text;
	size_t at[FACTORS_CODES + 1];

	buf_init(&text, 1024);
	for (size_t i = 0; i < FACTORS_CODES; i++) {
		at[i] = text.n;
		buf_addz(&text, "\\x");
		text_add_hex(&text, codes[i]);
	}
	at[FACTORS_CODES] = text.n;
	for (size_t i = 0; i < FACTORS_CODES; i++)
		words[i] = text.failed
				   ? STR("")
				   : str_sub(buf_str(&text), at[i], at[i + 1] - at[i]);
	db_arg_words(a, words, text.failed ? 0 : FACTORS_CODES);
	buf_done(&text);
}
