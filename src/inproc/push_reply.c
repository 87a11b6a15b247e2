/* push_reply: what a server answers to a push. */
#include "inproc/push_reply.h"

#include <string.h>
#include <strings.h>
#include <time.h>

static bool is_name(struct view name, const char *wanted)
{
	return name.len == strlen(wanted) && strncasecmp(name.at, wanted, name.len) == 0;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT", the only form of a date that is sent today. */
static bool parse_date(struct view text, int64_t *ret_s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm = { 0 };
	uint64_t day, year, hour, minute, second;
	const char *at = text.at, *month;

	if (text.len != 29 || memcmp(at + 25, " GMT", 4) != 0 ||
		!view_to_u64((struct view){ at + 5, 2 }, &day) ||
		!view_to_u64((struct view){ at + 12, 4 }, &year) ||
		!view_to_u64((struct view){ at + 17, 2 }, &hour) ||
		!view_to_u64((struct view){ at + 20, 2 }, &minute) ||
		!view_to_u64((struct view){ at + 23, 2 }, &second))
		return false;
	month = memmem(months, sizeof(months) - 1, at + 8, 3);
	if (!month || (month - months) % 3)
		return false;
	tm.tm_mday = (int)day;
	tm.tm_mon = (int)(month - months) / 3;
	tm.tm_year = (int)year - 1900;
	tm.tm_hour = (int)hour;
	tm.tm_min = (int)minute;
	tm.tm_sec = (int)second;
	*ret_s = timegm(&tm);
	return true;
}

static uint64_t retry_after(struct view value, int64_t now_s)
{
	uint64_t seconds = 0;
	int64_t date;

	if (!view_to_u64(value, &seconds) && parse_date(value, &date))
		seconds = date > now_s ? (uint64_t)(date - now_s) : 0;
	return seconds < PUSH_REPLY_RETRY_MAX_S ? seconds : PUSH_REPLY_RETRY_MAX_S;
}

/* False if it makes the answer's end uncertain. */
static bool take_header(struct view line, int64_t now_s, struct push_reply *ret)
{
	bool has_value;
	struct view value = line, name = view_take(&value, ':', &has_value);
	uint64_t length;

	value = view_trim(value);
	if (!has_value || name.len == 0)
		return false;
	if (is_name(name, "content-length")) {
		if (!view_to_u64(value, &length) || (ret->has_length && ret->body_len != length))
			return false;
		ret->has_length = true;
		ret->body_len = length;
	} else if (is_name(name, "transfer-encoding")) {
		ret->closes = true; /* we do not look for the end of chunks */
	} else if (is_name(name, "connection") && is_name(value, "close")) {
		ret->closes = true;
	} else if (is_name(name, "retry-after")) {
		ret->retry_after_s = retry_after(value, now_s);
	} else if (is_name(name, "location")) {
		ret->location = value;
	}
	return true;
}

static bool take_status(struct view line, struct push_reply *ret)
{
	uint64_t status;

	if (line.len < 12 || memcmp(line.at, "HTTP/1.", 7) != 0 ||
		(line.at[7] != '0' && line.at[7] != '1') || line.at[8] != ' ' ||
		!view_to_u64((struct view){ line.at + 9, 3 }, &status) || status < 100 ||
		(line.len > 12 && line.at[12] != ' '))
		return false;
	ret->status = (int)status;
	ret->closes = line.at[7] == '0';
	return true;
}

int push_reply_parse(struct view bytes, int64_t now_s, struct push_reply *ret)
{
	struct view rest = bytes;
	bool is_first = true, more;

	*ret = (struct push_reply){ 0 };
	for (;;) {
		struct view line = view_take(&rest, '\n', &more);

		if (!more)
			return bytes.len >= PUSH_REPLY_HEAD_MAX ? -1 : 0;
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		if (!is_first && line.len == 0)
			break;
		if (is_first ? !take_status(line, ret) : !take_header(line, now_s, ret))
			return -1;
		is_first = false;
	}
	ret->head_len = bytes.len - rest.len;
	if (ret->status == 204 || ret->status == 304 || ret->status < 200) {
		ret->has_length = true;
		ret->body_len = 0;
	}
	if (!ret->has_length)
		ret->closes = true;
	return 1;
}
