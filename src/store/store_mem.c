/* store_mem: a store in memory: what is right, simply. */
#include "store/store_mem.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "store/store_mem_tables.h"

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

/* ---- in ---- */

static void free_kept(struct mem_kept *kept)
{
	if (kept)
		record_fini(&kept->record);
	free(kept);
}

static void free_series(struct mem_series *series)
{
	if (!series)
		return;
	for (size_t i = 0; i < series->n; i++)
		free_kept(series->profiles[i]);
	free(series->profiles);
	series_info_fini(&series->info);
	buf_fini(&series->bytes);
	free(series);
}

static struct mem_series *find_series(struct mem *mem, const struct store_entry *entry)
{
	struct mem_series *wanted = calloc(1, sizeof(*wanted)), **added;

	if (!wanted)
		return NULL;
	series_info_encode(entry, &wanted->bytes);
	for (size_t i = 0; i < mem->n_series; i++)
		if (view_equal(buf_view(&mem->series[i]->bytes), buf_view(&wanted->bytes))) {
			free_series(wanted);
			return mem->series[i];
		}
	if (wanted->bytes.failed ||
		series_info_decode(buf_view(&wanted->bytes), &wanted->info, NULL) < 0 ||
		!(added = VEC_ADD(mem->series, mem->n_series, mem->cap_series))) {
		free_series(wanted);
		return NULL;
	}
	wanted->info.series.id = mem->n_series;
	return *added = wanted;
}

static struct store_dictionary *find_dictionary(
	struct mem *mem, const struct mem_series *series, int64_t time_ns)
{
	uint32_t week = store_day(time_ns) / STORE_WEEK_DAYS;
	const struct series_info *info = &series->info;
	struct mem_lexicon *added;

	for (size_t i = 0; i < mem->n_lexica; i++) {
		struct mem_lexicon *lexicon = &mem->lexica[i];

		if (lexicon->week == week && view_equal(lexicon->tenant, info->tenant) &&
			view_equal(lexicon->service, info->service))
			return lexicon->dictionary;
	}
	added = VEC_ADD(mem->lexica, mem->n_lexica, mem->cap_lexica);
	if (!added)
		return NULL;
	*added = (struct mem_lexicon){ info->tenant, info->service, week,
		dictionary_new(mem->n_lexica, DICTIONARY_NODES_MAX) };
	if (!added->dictionary)
		mem->n_lexica--;
	return added->dictionary;
}

static bool has(const struct mem_series *series, const struct record *record)
{
	for (size_t i = 0; i < series->n; i++)
		if (series->profiles[i]->record.begin_ns == record->begin_ns &&
			memcmp(series->profiles[i]->record.id, record->id, 16) == 0)
			return true;
	return false;
}

/* Takes `kept`. */
static bool keep(struct mem *mem, struct mem_series *series, struct mem_kept *kept)
{
	size_t at = series->n;

	if (has(series, &kept->record)) {
		mem->n_duplicates++;
		free_kept(kept);
		return true;
	}
	if (!VEC_FITS(series->profiles, series->cap, series->n + 1)) {
		free_kept(kept);
		return false;
	}
	for (; at > 0 && series->profiles[at - 1]->record.begin_ns > kept->record.begin_ns; at--)
		series->profiles[at] = series->profiles[at - 1];
	series->profiles[at] = kept;
	series->n++;
	mem->n_profiles++;
	mem->n_samples += kept->record.n;
	return true;
}

/* What has been built of an append; kept when all of it has been. */
struct built {
	struct mem_series *series;
	struct mem_kept *kept;
};

static int build(
	struct mem *mem, const struct store_entry *entry, struct built *ret, struct err *err)
{
	struct dictionary_pass pass;
	int rc;

	ret->series = find_series(mem, entry);
	ret->kept = calloc(1, sizeof(*ret->kept));
	if (!ret->series || !ret->kept)
		return no_memory(err);
	ret->kept->dictionary = find_dictionary(mem, ret->series, entry->profile->time_ns);
	if (!ret->kept->dictionary)
		return no_memory(err);
	rc = dictionary_pass_init(&pass, ret->kept->dictionary, entry->profile, err);
	if (rc == 0)
		rc = record_build(&ret->kept->record, entry, &pass, err);
	dictionary_pass_fini(&pass);
	return rc;
}

static int append_locked(
	struct mem *mem, const struct store_entry *entries, size_t n, struct err *err)
{
	struct built *built = calloc(n + 1, sizeof(*built));
	int rc = built ? 0 : no_memory(err);

	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = build(mem, &entries[i], &built[i], err);
	for (size_t i = 0; built && i < n; i++)
		if (rc < 0)
			free_kept(built[i].kept);
		else if (!keep(mem, built[i].series, built[i].kept))
			rc = no_memory(err);
	free(built);
	return rc;
}

static int append(struct store *store, const struct store_entry *entries, size_t n,
	const struct store_receipt *receipt, struct err *err)
{
	struct mem *mem = (struct mem *)store;
	int rc;

	pthread_rwlock_wrlock(&mem->lock);
	rc = append_locked(mem, entries, n, err);
	pthread_rwlock_unlock(&mem->lock);
	if (rc == 0 && receipt && receipt->done)
		receipt->done(receipt->owner, 0, NULL);
	return rc;
}

/* ---- the rest ---- */

static void figures(struct store *store, struct store_figures *ret)
{
	struct mem *mem = (struct mem *)store;

	pthread_rwlock_rdlock(&mem->lock);
	ret->series = mem->n_series;
	ret->profiles = mem->n_profiles;
	ret->samples = mem->n_samples;
	ret->duplicates = mem->n_duplicates;
	for (size_t i = 0; i < mem->n_series; i++) {
		const struct mem_series *series = mem->series[i];
		int64_t first, last;

		if (series->n == 0)
			continue;
		first = series->profiles[0]->record.begin_ns;
		last = series->profiles[series->n - 1]->record.begin_ns;
		if (ret->oldest_ns == 0 || first < ret->oldest_ns)
			ret->oldest_ns = first;
		if (last > ret->newest_ns)
			ret->newest_ns = last;
	}
	for (size_t i = 0; i < mem->n_lexica; i++)
		ret->bytes_in_memory += dictionary_bytes(mem->lexica[i].dictionary);
	ret->bytes_in_memory += mem->n_samples * (sizeof(int64_t) + sizeof(uint32_t));
	pthread_rwlock_unlock(&mem->lock);
}

static void close_mem(struct store *store)
{
	struct mem *mem = (struct mem *)store;

	for (size_t i = 0; i < mem->n_series; i++)
		free_series(mem->series[i]);
	for (size_t i = 0; i < mem->n_lexica; i++)
		dictionary_unref(mem->lexica[i].dictionary);
	free(mem->series);
	free(mem->lexica);
	pthread_rwlock_destroy(&mem->lock);
	free(mem);
}

static const struct store_ops ops = { close_mem, append, store_mem_scan, store_mem_find, figures };

int store_mem_open(struct store **ret, struct err *err)
{
	struct mem *mem = calloc(1, sizeof(*mem));

	*ret = NULL;
	if (!mem)
		return no_memory(err);
	mem->store.ops = &ops;
	pthread_rwlock_init(&mem->lock, NULL);
	*ret = &mem->store;
	return 0;
}
