/* frames: what each location of a profile shows, by name. */
#include "model/frames.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/buf.h"

struct draft {
	const struct profile *profile;
	enum frames_granularity granularity;
	struct strings found;  /* names in the order met */
	uint32_t *of_function; /* function -> found id + 1, where the granularity is functions */
	struct buf scratch;
};

struct view frames_module(struct view file)
{
	const char *slash = file.at && file.len ? memrchr(file.at, '/', file.len) : NULL;

	if (!slash || view_starts(file, VIEW("[")) || view_starts(file, VIEW("//")))
		return file;
	return view_between(slash + 1, view_end(file));
}

static bool is_runtime(struct view module, struct view name)
{
	static const char *const modules[] = { "libpython", "python3", "node", "libnode", "libjvm",
		"libv8", "libruby", "ruby", "perl", "libperl", "php", "beam.smp", "libcoreclr",
		"libmono", "luajit", "libluajit" };

	if (view_starts(name, VIEW("runtime.")))
		return true;
	for (size_t i = 0; i < sizeof(modules) / sizeof(*modules); i++) {
		struct view stem = view_of(modules[i]);

		if (view_starts(module, stem) &&
			(module.len == stem.len || strchr(".0123456789-", module.at[stem.len])))
			return true;
	}
	return false;
}

enum frame_kind frames_family(struct view module, struct view name)
{
	if (view_equal(module, VIEW(FRAMES_GROUP_FILE)))
		return FRAME_GROUP;
	if (view_starts(name, VIEW("[truncated: ")))
		return FRAME_TRUNCATED;
	if (view_starts(module, VIEW("[kernel")) || view_ends(name, VIEW("_[k]")))
		return FRAME_KERNEL;
	if (view_equal(module, VIEW("[jit]")) || view_starts(module, VIEW("//anon")) ||
		view_ends(name, VIEW("_[j]")))
		return FRAME_JIT;
	return is_runtime(module, name) ? FRAME_RUNTIME : FRAME_USER;
}

static enum frame_kind kind_of(struct view file, struct view name, bool is_inlined)
{
	enum frame_kind family = frames_family(frames_module(file), name);

	if (family != FRAME_USER && family != FRAME_RUNTIME)
		return family;
	return is_inlined || view_ends(name, VIEW("_[i]")) ? FRAME_INLINED : family;
}

static struct view function_name(const struct profile *profile, const struct function *function)
{
	struct view name = profile_text(profile, function->name);

	return name.len ? name : profile_text(profile, function->system_name);
}

static void write_address(struct draft *draft, const struct location *location)
{
	struct view file =
		profile_text(draft->profile, draft->profile->mappings[location->mapping].file);

	if (file.len) {
		buf_add_view(&draft->scratch, frames_module(file));
		buf_add_char(&draft->scratch, '+');
	}
	buf_add_format(&draft->scratch, "0x%" PRIx64, location->address);
}

static void write_line(
	struct draft *draft, const struct location *location, const struct line *line)
{
	const struct profile *profile = draft->profile;
	const struct function *function = &profile->functions[line->function];
	struct view name = function_name(profile, function);
	struct view file = profile_text(profile, function->file);

	if (draft->granularity == FRAMES_FILES) {
		buf_add_view(&draft->scratch, file.len ? file : VIEW("[no file]"));
		return;
	}
	buf_add_view(&draft->scratch, name);
	if (draft->granularity == FRAMES_LINES && file.len)
		buf_add_format(
			&draft->scratch, " %.*s:%" PRId64, (int)file.len, file.at, line->line);
	if (draft->granularity == FRAMES_ADDRESSES)
		buf_add_format(&draft->scratch, " 0x%" PRIx64, location->address);
}

/* Found id of what the frame shows, or STRINGS_NONE. */
static uint32_t find_name(
	struct draft *draft, const struct location *location, const struct line *line)
{
	const struct profile *profile = draft->profile;

	if (line && draft->granularity == FRAMES_FUNCTIONS) {
		uint32_t *known = &draft->of_function[line->function];

		if (*known == 0)
			*known = 1 + strings_add(&draft->found,
					     function_name(
						     profile, &profile->functions[line->function]));
		return *known - 1;
	}
	buf_clear(&draft->scratch);
	if (line)
		write_line(draft, location, line);
	else
		write_address(draft, location);
	return draft->scratch.failed ? STRINGS_NONE
				     : strings_add(&draft->found, buf_view(&draft->scratch));
}

static bool fill_location(struct draft *draft, struct frames *frames, uint32_t id)
{
	const struct profile *profile = draft->profile;
	const struct location *location = &profile->locations[id];
	struct view file = profile_text(profile, profile->mappings[location->mapping].file);
	uint32_t count = location->n_lines ? location->n_lines : 1;

	for (uint32_t i = 0; i < count; i++) {
		struct frame *frame = &frames->all[frames->first[id] + i];
		const struct line *line =
			location->n_lines ? &profile->lines[location->first_line + i] : NULL;
		uint32_t name = find_name(draft, location, line);

		if (name == STRINGS_NONE)
			return false;
		frame->name = name;
		frame->kind = kind_of(file, strings_at(&draft->found, name), i + 1 < count);
	}
	return true;
}

static bool fill(struct draft *draft, struct frames *frames)
{
	const struct profile *profile = draft->profile;
	size_t n_frames = 0;

	frames->first = calloc(profile->n_locations + 1, sizeof(*frames->first));
	draft->of_function = calloc(profile->n_functions + 1, sizeof(*draft->of_function));
	if (!frames->first || !draft->of_function)
		return false;
	for (size_t i = 0; i < profile->n_locations; i++) {
		uint32_t count = profile->locations[i].n_lines;

		frames->first[i] = (uint32_t)n_frames;
		n_frames += count ? count : 1;
		if (n_frames > UINT32_MAX)
			return false;
	}
	frames->first[profile->n_locations] = (uint32_t)n_frames;
	frames->all = calloc(n_frames + 1, sizeof(*frames->all));
	for (uint32_t i = 0; frames->all && i < profile->n_locations; i++)
		if (!fill_location(draft, frames, i))
			return false;
	return frames->all;
}

/* The first eight bytes are kept beside the id, so that most comparisons touch no text. */
struct sort_key {
	uint64_t head; /* big-endian */
	uint32_t id;
};

static int compare_keys(const void *left, const void *right, void *owner)
{
	const struct sort_key *a = left, *b = right;
	const struct strings *found = owner;

	if (a->head != b->head)
		return a->head < b->head ? -1 : 1;
	return view_compare(strings_at(found, a->id), strings_at(found, b->id));
}

static uint64_t head_of(struct view text)
{
	unsigned char bytes[8] = { 0 };
	uint64_t head = 0;

	memcpy(bytes, text.at, text.len < 8 ? text.len : 8);
	for (int i = 0; i < 8; i++)
		head = head << 8 | bytes[i];
	return head;
}

/* Copies the names in code point order and gives the frames their final ids. */
static bool sort_names(struct draft *draft, struct frames *frames)
{
	size_t n_frames = frames->first[draft->profile->n_locations];
	size_t count = draft->found.count ? draft->found.count : 1;
	struct sort_key *keys = calloc(count, sizeof(*keys));
	uint32_t *sorted_id = calloc(count, sizeof(*sorted_id));
	bool ok = keys && sorted_id;

	frames->has_extension = calloc(count, sizeof(*frames->has_extension));
	ok = ok && frames->has_extension;
	for (uint32_t i = 0; ok && i < count; i++)
		keys[i] = (struct sort_key){ head_of(strings_at(&draft->found, i)), i };
	if (ok)
		qsort_r(keys, count, sizeof(*keys), compare_keys, &draft->found);
	for (uint32_t i = 0; ok && i < count; i++) {
		struct view text = strings_at(&draft->found, keys[i].id);

		sorted_id[keys[i].id] = strings_add(&frames->names, text);
		ok = sorted_id[keys[i].id] == i;
		if (i > 0 && view_starts(text, strings_at(&frames->names, i - 1)))
			frames->has_extension[i - 1] = true;
	}
	for (size_t i = 0; ok && i < n_frames; i++)
		frames->all[i].name = sorted_id[frames->all[i].name];
	frames->n_sorted = (uint32_t)count;
	free(keys);
	free(sorted_id);
	return ok;
}

static bool fill_modules(struct draft *draft, struct frames *frames)
{
	const struct profile *profile = draft->profile;
	uint32_t *of_mapping = calloc(profile->n_mappings, sizeof(*of_mapping));
	bool ok = of_mapping;

	for (size_t i = 0; ok && i < profile->n_mappings; i++) {
		struct view file = profile_text(profile, profile->mappings[i].file);

		of_mapping[i] = strings_add(&frames->names, frames_module(file));
		ok = of_mapping[i] != STRINGS_NONE;
	}
	for (size_t i = 0; ok && i < profile->n_locations; i++)
		for (uint32_t f = frames->first[i]; f < frames->first[i + 1]; f++)
			frames->all[f].module = of_mapping[profile->locations[i].mapping];
	free(of_mapping);
	return ok;
}

int frames_init(struct frames *frames, const struct profile *profile,
	enum frames_granularity granularity, struct err *err)
{
	struct draft draft = { .profile = profile, .granularity = granularity };
	bool ok;

	*frames = (struct frames){ 0 };
	ok = fill(&draft, frames) && sort_names(&draft, frames) && fill_modules(&draft, frames);
	strings_fini(&draft.found);
	free(draft.of_function);
	buf_fini(&draft.scratch);
	return ok ? 0 : err_set(err, ERR_NOMEM, "out of memory");
}

void frames_fini(struct frames *frames)
{
	strings_fini(&frames->names);
	free(frames->all);
	free(frames->first);
	free(frames->has_extension);
	*frames = (struct frames){ 0 };
}
