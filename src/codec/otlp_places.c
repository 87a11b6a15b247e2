/* otlp_places: locations, functions and mappings of an OTLP dictionary, as a profile asks for them.
 */
#include "base/vec.h"
#include "codec/otlp_load.h"

/* True if the entry was made in this round; else it is marked as made, for the caller to fill. */
static bool is_made(const struct otlp_loader *l, struct otlp_made *made)
{
	if (made->round == l->round)
		return true;
	made->round = l->round;
	return false;
}

static bool is_build_id(struct view key, struct view kind)
{
	return view_starts(key, VIEW(OTLP_KEY_BUILD_ID)) && view_ends(key, kind) &&
	       key.len == strlen(OTLP_KEY_BUILD_ID) + kind.len;
}

/* The linker's id is the one that debug files go by; Go's, or the hash of the profiler, else. */
static int build_id_rank(struct view key)
{
	return is_build_id(key, VIEW("gnu"))       ? 3
	       : is_build_id(key, VIEW("go"))      ? 2
	       : is_build_id(key, VIEW("htlhash")) ? 1
						   : 0;
}

static void describe_mapping(
	struct otlp_loader *l, const struct otlp_run *attributes, struct mapping *mapping)
{
	int rank = 0;

	for (uint32_t i = 0; i < attributes->count; i++) {
		uint32_t index = l->from->indices[attributes->first + i];
		const struct otlp_attribute *a = &l->from->attributes[index];
		struct view text;

		if (index >= l->from->n_attributes)
			continue;
		if (build_id_rank(a->key) > rank && otlp_label_text(l->from, a->value, &text)) {
			rank = build_id_rank(a->key);
			mapping->build_id = profile_string(l->into, text);
			otlp_load_spend(l, text.len);
		}
		if (!otlp_label_is_true(a->value))
			continue;
		mapping->has_functions |= view_equal(a->key, VIEW(OTLP_KEY_HAS "functions"));
		mapping->has_filenames |= view_equal(a->key, VIEW(OTLP_KEY_HAS "filenames"));
		mapping->has_line_numbers |= view_equal(a->key, VIEW(OTLP_KEY_HAS "line_numbers"));
		mapping->has_inline_frames |=
			view_equal(a->key, VIEW(OTLP_KEY_HAS "inline_frames"));
	}
}

static uint32_t load_mapping(struct otlp_loader *l, uint32_t index)
{
	const struct otlp_mapped *from = &l->from->mappings[index];
	struct otlp_made *made = &l->mappings[index];
	struct mapping mapping = from->mapping;

	if (is_made(l, made))
		return made->id;
	otlp_load_spend(l, sizeof(mapping));
	mapping.file = otlp_load_string(l, mapping.file);
	describe_mapping(l, &from->attributes, &mapping);
	made->id = profile_mapping(l->into, &mapping);
	return made->id;
}

static uint32_t load_function(struct otlp_loader *l, uint32_t index)
{
	static const struct function none = { 0 };
	const struct function *from = index ? &l->from->functions[index] : &none;
	struct otlp_made *made = &l->functions[index];

	if (is_made(l, made))
		return made->id;
	otlp_load_spend(l, sizeof(*from));
	made->id = profile_function(
		l->into, &(struct function){ .name = otlp_load_string(l, from->name),
				 .system_name = otlp_load_string(l, from->system_name),
				 .file = otlp_load_string(l, from->file),
				 .start_line = from->start_line });
	return made->id;
}

static bool is_folded(const struct otlp_loader *l, const struct otlp_run *attributes)
{
	for (uint32_t i = 0; i < attributes->count; i++) {
		uint32_t index = l->from->indices[attributes->first + i];

		if (index < l->from->n_attributes &&
			view_equal(l->from->attributes[index].key, VIEW(OTLP_KEY_IS_FOLDED)))
			return otlp_label_is_true(l->from->attributes[index].value);
	}
	return false;
}

uint32_t otlp_places_location(struct otlp_loader *l, uint32_t index)
{
	static const struct otlp_place none = { 0 };
	const struct otlp_place *from = index ? &l->from->locations[index] : &none;
	struct location location = from->location;
	struct otlp_made *made = &l->locations[index];

	if (is_made(l, made))
		return made->id;
	made->id = PROFILE_NONE;
	if (otlp_load_spend(l, sizeof(location) + location.n_lines * sizeof(struct line)) < 0)
		return PROFILE_NONE;
	if (!VEC_FITS(l->lines, l->cap_lines, (size_t)location.n_lines + 1)) {
		l->into->failed = true;
		return PROFILE_NONE;
	}
	for (uint32_t i = 0; i < location.n_lines; i++) {
		l->lines[i] = l->from->lines[location.first_line + i];
		l->lines[i].function = load_function(l, l->lines[i].function);
	}
	if (location.mapping)
		location.mapping = load_mapping(l, location.mapping);
	if (l->into->failed)
		return PROFILE_NONE;
	location.is_folded = is_folded(l, &from->attributes);
	made->id = profile_location(l->into, &location, l->lines);
	return made->id;
}
