/*
 * view: bytes that somebody else owns.
 *
 * A view is passed by value and never freed. It need not end in NUL.
 */
#ifndef BASE_VIEW_H
#define BASE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct view {
	const char *at;
	size_t len;
};

#define VIEW(literal) ((struct view){ (literal), sizeof(literal) - 1 })

static inline struct view view_of(const char *text)
{
	return (struct view){ text, text ? strlen(text) : 0 };
}

static inline struct view view_between(const char *from, const char *to)
{
	return (struct view){ from, (size_t)(to - from) };
}

static inline const char *view_end(struct view v)
{
	return v.len ? v.at + v.len : v.at; /* an empty view may be NULL */
}

static inline bool view_equal(struct view a, struct view b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline bool view_starts(struct view v, struct view prefix)
{
	return v.len >= prefix.len && memcmp(v.at, prefix.at, prefix.len) == 0;
}

static inline bool view_ends(struct view v, struct view suffix)
{
	return v.len >= suffix.len && memcmp(view_end(v) - suffix.len, suffix.at, suffix.len) == 0;
}

/* Orders by bytes, the shorter first when one is the other's prefix: the order of UTF-8 code
 * points. */
int view_compare(struct view a, struct view b);

/* Cuts the part before the first `mark` off *rest and returns it; without a mark, all of it.
 * *ret_more says whether a mark was found, so that "a\n" gives "a" and then "". */
struct view view_take(struct view *rest, char mark, bool *ret_more);

/* Removes spaces and tabs from both ends. */
struct view view_trim(struct view v);

/* The whole view must be decimal digits, or hex digits; false on anything else or overflow. */
bool view_to_u64(struct view v, uint64_t *ret_number);
bool view_hex_to_u64(struct view v, uint64_t *ret_number);

#endif
