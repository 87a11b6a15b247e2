/* maps: the lines of /proc/PID/maps. */
#include "proc/maps.h"

#include <sys/sysmacros.h>

/* The word up to the next space, and the spaces after it. */
static struct view take_word(struct view *rest)
{
	bool more;
	struct view word = view_take(rest, ' ', &more);

	while (rest->len && rest->at[0] == ' ') {
		rest->at++;
		rest->len--;
	}
	return word;
}

static bool take_range(struct view word, struct maps_line *ret)
{
	bool more;
	struct view start = view_take(&word, '-', &more);

	return more && view_hex_to_u64(start, &ret->start) && view_hex_to_u64(word, &ret->end) &&
	       ret->start < ret->end;
}

static bool take_rights(struct view word, struct maps_line *ret)
{
	if (word.len != 4)
		return false;
	ret->readable = word.at[0] == 'r';
	ret->writable = word.at[1] == 'w';
	ret->executable = word.at[2] == 'x';
	ret->shared = word.at[3] == 's';
	return true;
}

static bool take_device(struct view word, struct maps_line *ret)
{
	uint64_t high, low;
	bool more;
	struct view first = view_take(&word, ':', &more);

	if (!more || !view_hex_to_u64(first, &high) || !view_hex_to_u64(word, &low))
		return false;
	ret->device = makedev((unsigned)high, (unsigned)low);
	return true;
}

bool maps_parse(struct view line, struct maps_line *ret)
{
	*ret = (struct maps_line){ 0 };
	if (!take_range(take_word(&line), ret) || !take_rights(take_word(&line), ret) ||
		!view_hex_to_u64(take_word(&line), &ret->offset) ||
		!take_device(take_word(&line), ret) || !view_to_u64(take_word(&line), &ret->inode))
		return false;
	ret->path = line;
	return true;
}

bool maps_next(struct view *text, struct maps_line *ret)
{
	while (text->len) {
		bool more;

		if (maps_parse(view_take(text, '\n', &more), ret))
			return true;
	}
	return false;
}

struct view maps_path(struct view path, bool *ret_deleted)
{
	struct view mark = VIEW(" (deleted)");
	bool deleted = view_ends(path, mark) && path.len > mark.len;

	if (ret_deleted)
		*ret_deleted = deleted;
	if (deleted)
		path.len -= mark.len;
	return path;
}
