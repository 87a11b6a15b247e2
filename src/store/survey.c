/* survey: all that the files of a store say, read once: series, blocks, rows. */
#include "store/survey.h"

#include <inttypes.h>
#include <roaring/roaring.h>
#include <stdlib.h>

#include "store/block.h"
#include "store/rocks_keys.h"
#include "store/survey_dictionaries.h"

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

/* ---- series ---- */

struct survey_series *survey_series_of(struct survey *survey, uint32_t id)
{
	uint64_t *found = map_find(&survey->of_series, id);

	return found ? (struct survey_series *)(uintptr_t)*found : NULL;
}

static int add_series(struct survey *survey, uint32_t id, struct view bytes)
{
	struct survey_series *series = calloc(1, sizeof(*series));
	uint64_t *slot = series ? map_add(&survey->of_series, id, NULL) : NULL;
	struct err err = { 0 };

	if (slot)
		series->bytes = malloc(bytes.len + 1);
	if (!slot || !series->bytes) {
		free(series);
		return ERR_NOMEM;
	}
	*slot = (uintptr_t)series;
	memcpy(series->bytes, bytes.at, bytes.len);
	series->len = bytes.len;
	if (series_info_decode((struct view){ series->bytes, bytes.len }, &series->info, &err) <
		0) {
		findings_add(
			survey->findings, "series", "what series %" PRIu32 " is: %s", id, err.text);
		series_info_fini(&series->info);
		free(series->bytes);
		free(series);
		map_remove(&survey->of_series, id);
		return 0;
	}
	survey->n_series++;
	return 0;
}

static int index_entry(void *owner, struct view key, struct view value)
{
	struct survey *survey = owner;

	if (key.len == 5 && key.at[0] == 'S')
		return add_series(survey, rocks_key_get_u32(key, 1), value);
	if (key.len == 5 && key.at[0] == 'D') {
		roaring_bitmap_t *day =
			roaring_bitmap_portable_deserialize_safe(value.at, value.len);

		if (!day)
			findings_add(survey->findings, "day",
				"the list of the series of day %" PRIu32 " makes no sense",
				rocks_key_get_u32(key, 1));
		if (day)
			roaring_bitmap_free(day);
		survey->n_days++;
	} else if (key.len != 13 || key.at[0] != 'U') {
		findings_add(survey->findings, "index", "there is a key that is none of Flyover's");
	}
	return 0;
}

/* ---- blocks and rows ---- */

/* All of a block is read; *ret_highest is the highest stack in it. */
static int read_block(struct view value, uint64_t *ret_n, uint32_t *ret_highest, struct err *err)
{
	struct block_header header = { 0 };
	struct block_reader reader = { 0 };
	int rc = block_header_decode(value, &header, err);

	*ret_highest = 0;
	*ret_n = header.n_profiles;
	if (rc == 0)
		rc = block_read_merged(&reader, &header, err);
	if (rc == 0 && reader.n > 0)
		*ret_highest = reader.stacks[reader.n - 1];
	if (rc == 0 && !header.is_rolled)
		rc = block_read_detail(&reader, &header, err);
	for (uint64_t i = 0; rc == 0 && !header.is_rolled && i < header.n_profiles; i++)
		rc = block_next_profile(&reader, err);
	block_reader_fini(&reader);
	block_header_fini(&header);
	return rc;
}

struct place {
	const char *what; /* "block", "roll-up", "row" */
	uint32_t series, day;
};

/* True if it makes sense and belongs to a series. */
static bool is_good(
	struct survey *survey, const struct place *at, struct view value, uint64_t *ret_n)
{
	struct survey_series *series = survey_series_of(survey, at->series);
	struct survey_dictionary *dictionary;
	struct err err = { 0 };
	uint32_t highest;

	if (read_block(value, ret_n, &highest, &err) < 0) {
		findings_add(survey->findings, at->what,
			"of series %" PRIu32 ", day %" PRIu32 ": %s", at->series, at->day,
			err.text);
		return false;
	}
	if (!series) {
		survey->n_orphans += *ret_n;
		return false;
	}
	dictionary = survey_dictionary_of(survey, series, at->day / STORE_WEEK_DAYS);
	if (highest && (!dictionary || highest >= dictionary->n_nodes))
		survey->n_nameless += *ret_n;
	if (dictionary && highest > dictionary->highest)
		dictionary->highest = highest;
	return true;
}

static int sample_entry(void *owner, struct view key, struct view value)
{
	struct survey *survey = owner;
	struct place at = { "block", rocks_key_get_u32(key, 5), rocks_key_get_u32(key, 0) };
	bool is_rolled = key.len == 13 && key.at[4] == 'H';
	uint64_t n;

	if (key.len == 9 && key.at[4] == 'A')
		return survey_series_of(survey, at.series) ? 0
							   : add_series(survey, at.series, value);
	if (key.len != 13 || (key.at[4] != 'B' && !is_rolled)) {
		findings_add(
			survey->findings, "samples", "there is a key that is none of Flyover's");
		return 0;
	}
	if (is_rolled)
		at.what = "roll-up";
	if (!is_good(survey, &at, value, &n))
		return 0;
	survey->n_blocks += !is_rolled;
	survey->n_rolled += is_rolled;
	survey->n_profiles += is_rolled ? 0 : n;
	return survey->block ? survey->block(survey->owner, key, value) : 0;
}

static int row_entry(void *owner, struct view key, struct view value)
{
	struct survey *survey = owner;
	struct place at = { "row", rocks_key_get_u32(key, 4), rocks_key_get_u32(key, 0) };
	uint64_t n;

	if (key.len != 24) {
		findings_add(survey->findings, "rows", "there is a key that is none of Flyover's");
		return 0;
	}
	if (!is_good(survey, &at, value, &n))
		return 0;
	survey->n_rows++;
	survey->n_profiles += n;
	return survey->row ? survey->row(survey->owner, key, value) : 0;
}

/* ---- all of it ---- */

int survey_run(struct survey *survey, struct err *err)
{
	int rc = strata_walk(survey->strata, ROCKS_INDEX, index_entry, survey, err);

	if (rc == 0)
		rc = survey_dictionaries_read(survey, err);
	if (rc == 0)
		rc = strata_walk(survey->strata, ROCKS_SAMPLES, sample_entry, survey, err);
	if (rc == 0)
		rc = strata_walk(survey->strata, ROCKS_ROWS, row_entry, survey, err);
	if (survey->n_orphans)
		findings_add(survey->findings, "series",
			"%" PRIu64 " profiles are of series of which nothing is known any more",
			survey->n_orphans);
	if (survey->n_nameless)
		findings_add(survey->findings, "dictionary",
			"up to %" PRIu64 " profiles have stacks of which the names are lost",
			survey->n_nameless);
	return rc == ERR_NOMEM ? no_memory(err) : rc;
}

void survey_fini(struct survey *survey)
{
	struct map_slot *slot;

	for (size_t cursor = 0; (slot = map_next(&survey->of_series, &cursor));) {
		struct survey_series *series = (struct survey_series *)(uintptr_t)slot->value;

		series_info_fini(&series->info);
		free(series->bytes);
		free(series);
	}
	map_fini(&survey->of_series);
	strings_fini(&survey->names);
	free(survey->dictionaries);
	dictionary_unref(survey->open);
}
