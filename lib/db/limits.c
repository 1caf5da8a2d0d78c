#include "db/limits.h"

/* A shorter limit that somebody else has set is good enough. */
/* clang-format off */
const char limits_sql[] =
	"select doorward.schema_number(), doorward.schema_functions(),"
	" case when not $2::boolean"
	" and current_setting('statement_timeout')::interval"
	"	between '1 ms' and $1::integer * interval '1 ms'"
	" and current_setting('lock_timeout')::interval"
	"	between '1 ms' and $1::integer * interval '1 ms'"
	" and current_setting('idle_in_transaction_session_timeout')::interval"
	"	between '1 ms' and " LIMITS_IDLE " * interval '1 ms'"
	" and current_setting('default_transaction_isolation') = '" LIMITS_ISOLATION "'"
	" and current_setting('search_path') = '" LIMITS_PATH "'"
	" then 0 else length("
	"	set_config('statement_timeout', $1::integer::text, false)"
	"	|| set_config('lock_timeout', $1::integer::text, false)"
	"	|| set_config('idle_in_transaction_session_timeout', '" LIMITS_IDLE "', false)"
	"	|| set_config('default_transaction_isolation', '" LIMITS_ISOLATION "', false)"
	"	|| set_config('search_path', '" LIMITS_PATH "', false)) end";
/* clang-format on */
