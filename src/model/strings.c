/* strings: each text once, named by a number. */
#include "model/strings.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/vec.h"

void strings_fini(struct strings *strings)
{
	arena_fini(&strings->bytes);
	free(strings->at);
	free(strings->hashes);
	intern_fini(&strings->set);
	*strings = (struct strings){ 0 };
}

bool strings_reserve(struct strings *strings, size_t count)
{
	return VEC_FITS(strings->at, strings->cap, count + 1) &&
	       VEC_FITS(strings->hashes, strings->cap_hashes, count + 1) &&
	       intern_reserve(&strings->set, count);
}

static bool is_text(const void *owner, uint32_t id, const void *wanted)
{
	const struct strings *strings = owner;

	return view_equal(strings->at[id], *(const struct view *)wanted);
}

uint32_t strings_find(const struct strings *strings, struct view text)
{
	if (text.len == 0)
		return 0;
	return intern_find(&strings->set, hash_keyed_view(text), is_text, strings, &text);
}

static bool make_room(struct strings *strings)
{
	if (strings->count >= STRINGS_NONE - 1 ||
		!VEC_FITS(strings->at, strings->cap, strings->count + 2) ||
		!VEC_FITS(strings->hashes, strings->cap_hashes, strings->count + 2))
		return false;
	if (strings->count == 0) {
		strings->hashes[0] = 0;
		strings->at[strings->count++] = VIEW("");
	}
	return true;
}

uint32_t strings_add(struct strings *strings, struct view text)
{
	struct intern_slot *slot;
	uint64_t hash;
	char *copy;

	if (text.len == 0)
		return 0;
	hash = hash_keyed_view(text);
	slot = intern_seek(&strings->set, hash, is_text, strings, &text);
	if (slot && slot->id_plus_one)
		return slot->id_plus_one - 1;
	copy = slot && make_room(strings) ? arena_copy(&strings->bytes, text) : NULL;
	if (!copy)
		return STRINGS_NONE;
	intern_put(&strings->set, slot, hash, (uint32_t)strings->count);
	strings->hashes[strings->count] = hash;
	strings->at[strings->count] = (struct view){ copy, text.len };
	return (uint32_t)strings->count++;
}

struct view strings_at(const struct strings *strings, uint32_t id)
{
	return id < strings->count ? strings->at[id] : VIEW("");
}
