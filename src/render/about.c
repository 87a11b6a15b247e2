/* about: what the page must know of a profile before it draws. */
#include "render/about.h"

#include <stdlib.h>

#include "base/map.h"
#include "model/profile.h"
#include "model/tree.h"
#include "render/page_json.h"
#include "render/truth.h"

#define KEYS_MAX 64

struct key {
	uint32_t key; /* string id */
	size_t values;
};

struct keys {
	struct key at[KEYS_MAX];
	size_t count;
};

/* Counts one more value of a text label; keys past KEYS_MAX are not offered. */
static void count_value(struct keys *keys, uint32_t key)
{
	size_t i = 0;

	while (i < keys->count && keys->at[i].key != key)
		i++;
	if (i == KEYS_MAX)
		return;
	if (i == keys->count)
		keys->at[keys->count++] = (struct key){ .key = key };
	keys->at[i].values++;
}

static void swap_if_later(const struct profile *profile, uint32_t *a, uint32_t *b)
{
	if (view_compare(profile_text(profile, *a), profile_text(profile, *b)) > 0) {
		uint32_t held = *a;

		*a = *b;
		*b = held;
	}
}

int about_groups(const struct profile *profile, uint32_t ret[ABOUT_GROUPS_MAX])
{
	MAP_AUTO seen = { 0 };
	struct keys keys = { 0 };
	int n = 0;

	for (size_t i = 0; i < profile->n_labels; i++) {
		const struct label *label = &profile->labels[i];
		bool is_new = false;

		if (!label->str)
			continue;
		if (!map_add(&seen, (uint64_t)label->key << 32 | label->str, &is_new))
			return ERR_NOMEM;
		if (is_new)
			count_value(&keys, label->key);
	}
	for (size_t i = 0; i < keys.count && n < ABOUT_GROUPS_MAX; i++)
		if (keys.at[i].values <= ABOUT_GROUP_VALUES_MAX)
			ret[n++] = keys.at[i].key;
	for (int i = n; i > 1; i--)
		for (int j = 1; j < i; j++)
			swap_if_later(profile, &ret[j - 1], &ret[j]);
	return n;
}

static void write_types(const struct profile *profile, struct buf *out)
{
	buf_add_text(out, "\"types\":[");
	for (size_t i = 0; i < profile->n_types; i++) {
		buf_add_text(out, i ? ",{\"name\":" : "{\"name\":");
		page_json_text(out, profile_text(profile, profile->types[i].type));
		buf_add_text(out, ",\"unit\":");
		page_json_text(out, profile_text(profile, profile->types[i].unit));
		buf_add_text(out, ",\"total\":");
		buf_add_u64(out, tree_whole(profile, i));
		buf_add_char(out, '}');
	}
	buf_add_format(out, "],\"default_type\":%d,", profile_find_type(profile, VIEW("")));
}

static void write_groups(
	const struct profile *profile, const struct about_options *options, struct buf *out)
{
	uint32_t found[ABOUT_GROUPS_MAX];
	const uint32_t *groups = options->groups ? options->groups : found;
	int n = options->groups ? (int)options->n_groups : about_groups(profile, found);

	out->failed |= n < 0;
	buf_add_text(out, "\"groups\":[");
	for (int i = 0; i < n; i++) {
		if (i)
			buf_add_char(out, ',');
		page_json_text(out, profile_text(profile, groups[i]));
	}
	buf_add_text(out, "],");
}

static void write_truth(
	const struct profile *profile, const struct about_options *options, struct buf *out)
{
	BUF_AUTO line = { 0 }, warnings = { 0 };
	struct view rest;
	bool more = true;

	truth_line(profile, &line);
	truth_warnings(profile, &warnings);
	buf_add_view(&warnings, options->warning);
	out->failed |= line.failed || warnings.failed;
	buf_add_format(out, "\"samples\":%llu,\"truth\":{\"level\":\"%s\",\"line\":",
		(unsigned long long)truth_samples(profile), warnings.len ? "care" : "well");
	page_json_text(out, buf_view(&line));
	buf_add_text(out, ",\"sentences\":[");
	rest = buf_view(&warnings);
	for (bool first = true; more; first = false) {
		struct view sentence = view_take(&rest, '\n', &more);

		if (sentence.len == 0)
			continue;
		if (!first)
			buf_add_char(out, ',');
		page_json_text(out, sentence);
	}
	buf_add_text(out, "]},");
}

void about_write(
	const struct profile *profile, const struct about_options *options, struct buf *out)
{
	buf_add_text(out, "{\"title\":");
	page_json_text(out, view_of(options->title));
	buf_add_text(out, ",\"version\":");
	page_json_text(out, view_of(options->version));
	buf_add_char(out, ',');
	write_types(profile, out);
	write_groups(profile, options, out);
	write_truth(profile, options, out);
	if (options->has_source)
		buf_add_text(out, "\"source\":true,");
	if (options->is_partial)
		buf_add_text(out, "\"partial\":true,");
	buf_add_text(out, "\"downloads\":");
	buf_add_view(out, options->downloads.len ? options->downloads : VIEW("[]"));
	buf_add_text(out, "}\n");
}
