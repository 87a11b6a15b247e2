/* refusal: why something is not taken in, as an HTTP status and a sentence. */
#include "ingest/refusal.h"

#include <stdarg.h>
#include <stdio.h>

int refusal_set(struct refusal *refusal, unsigned status, const char *format, ...)
{
	va_list args;

	refusal->status = status;
	va_start(args, format);
	vsnprintf(refusal->text, sizeof(refusal->text), format, args);
	va_end(args);
	return ERR_USAGE;
}

int refusal_of(struct refusal *refusal, const struct err *err, const char *limit)
{
	switch (err->code) {
	case ERR_LIMIT:
		if (limit)
			return refusal_set(refusal, 413, "%.400s; %s sets that", err->text, limit);
		return refusal_set(refusal, 422, "%s", err->text);
	case ERR_NOMEM:
		refusal->retry_after_s = 1;
		return refusal_set(refusal, 503, "%s", err->text);
	case ERR_IO:
		return refusal_set(refusal, 500, "%s", err->text);
	default:
		return refusal_set(refusal, 400, "%s", err->text);
	}
}
