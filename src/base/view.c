/* view: bytes that somebody else owns. */
#include "base/view.h"

int view_compare(struct view a, struct view b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common ? memcmp(a.at, b.at, common) : 0;

	if (order)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

struct view view_take(struct view *rest, char mark, bool *ret_more)
{
	const char *found = rest->len ? memchr(rest->at, mark, rest->len) : NULL;
	struct view head = *rest;

	*ret_more = found != NULL;
	if (!found) {
		*rest = (struct view){ view_end(*rest), 0 };
		return head;
	}
	head.len = (size_t)(found - rest->at);
	*rest = view_between(found + 1, view_end(*rest));
	return head;
}

struct view view_trim(struct view v)
{
	while (v.len && (v.at[0] == ' ' || v.at[0] == '\t')) {
		v.at++;
		v.len--;
	}
	while (v.len && (v.at[v.len - 1] == ' ' || v.at[v.len - 1] == '\t'))
		v.len--;
	return v;
}

bool view_to_u64(struct view v, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (v.len == 0)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		unsigned digit = (unsigned char)v.at[i] - '0';

		if (digit > 9 || __builtin_mul_overflow(number, 10, &number) ||
			__builtin_add_overflow(number, digit, &number))
			return false;
	}
	*ret_number = number;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool view_hex_to_u64(struct view v, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (v.len == 0)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		int digit = hex_digit(v.at[i]);

		if (digit < 0 || number >> 60)
			return false;
		number = number << 4 | (uint64_t)digit;
	}
	*ret_number = number;
	return true;
}
