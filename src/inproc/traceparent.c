/* traceparent: the header of W3C Trace Context. */
#include "inproc/traceparent.h"

#define TRACE_AT 3
#define SPAN_AT 36
#define FLAGS_AT 53

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads n bytes; says whether all digits were good and whether any bit is set. */
static bool read_bytes(const char *from, uint8_t *into, size_t n, bool *ret_any)
{
	*ret_any = false;
	for (size_t i = 0; i < n; i++) {
		int high = digit(from[2 * i]), low = digit(from[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		into[i] = (uint8_t)(high << 4 | low);
		*ret_any |= into[i] != 0;
	}
	return true;
}

static bool parse(struct view text, struct traceparent *ret)
{
	uint8_t version;
	bool has_trace, has_span, any;

	if (text.len < TRACEPARENT_LEN || text.at[TRACE_AT - 1] != '-' ||
		text.at[SPAN_AT - 1] != '-' || text.at[FLAGS_AT - 1] != '-')
		return false;
	if (!read_bytes(text.at, &version, 1, &any) || version == 0xff ||
		!read_bytes(text.at + TRACE_AT, ret->trace_id, 16, &has_trace) ||
		!read_bytes(text.at + SPAN_AT, ret->span_id, 8, &has_span) ||
		!read_bytes(text.at + FLAGS_AT, &ret->flags, 1, &any))
		return false;
	if (text.len > TRACEPARENT_LEN && (version == 0 || text.at[TRACEPARENT_LEN] != '-'))
		return false;
	return has_trace && has_span;
}

int traceparent_parse(struct view text, struct traceparent *ret, struct err *err)
{
	if (parse(text, ret))
		return 0;
	*ret = (struct traceparent){ 0 };
	return err_set(err, ERR_CORRUPT, "'%.*s' is no traceparent",
		(int)(text.len < TRACEPARENT_LEN ? text.len : TRACEPARENT_LEN), text.at);
}

static char *put_hex(char *into, const uint8_t *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*into++ = digits[bytes[i] >> 4];
		*into++ = digits[bytes[i] & 15];
	}
	return into;
}

void traceparent_format(const struct traceparent *from, char ret[TRACEPARENT_LEN + 1])
{
	char *at = put_hex(ret, (const uint8_t[]){ 0 }, 1);

	*at++ = '-';
	at = put_hex(at, from->trace_id, sizeof(from->trace_id));
	*at++ = '-';
	at = put_hex(at, from->span_id, sizeof(from->span_id));
	*at++ = '-';
	*put_hex(at, &from->flags, 1) = '\0';
}
