/* strata: the files of a store laid over one another. */
#include "store/strata.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/vec.h"

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void tell(struct strata *strata, const char *file, const char *sentence)
{
	strata->damage(strata->owner, file, sentence);
}

static void tell_of_block(void *owner, const struct sstfile *file, const char *sentence)
{
	tell(owner, name_of(file->path), sentence);
}

/* ---- tables ---- */

static bool add_range(struct strata *strata, const struct stored *entry)
{
	struct strata_range *range = VEC_ADD(strata->ranges, strata->n_ranges, strata->cap_ranges);
	char *bytes = range ? malloc(entry->key.len + entry->value.len + 1) : NULL;

	if (range && !bytes)
		strata->n_ranges--;
	if (!bytes)
		return false;
	*range = (struct strata_range){ entry->family, bytes, bytes + entry->key.len,
		entry->key.len, entry->value.len, entry->number };
	memcpy(bytes, entry->key.at, entry->key.len);
	memcpy(bytes + entry->key.len, entry->value.at, entry->value.len);
	return true;
}

static int read_ranges(struct strata *strata, const struct sstfile *file, struct err *err)
{
	struct sstfile_cursor cursor = {
		.file = file, .of_ranges = true, .damage = tell_of_block, .owner = strata
	};
	bool ok = true;

	while (ok && sstfile_next(&cursor))
		ok = add_range(strata, &cursor.now);
	sstfile_cursor_fini(&cursor);
	return ok ? 0 : no_memory(err);
}

static int add_table(struct strata *strata, const struct rocks_table *live, struct err *err)
{
	struct strata_table *table = VEC_ADD(strata->tables, strata->n_tables, strata->cap_tables);
	BUF_AUTO path = { 0 };
	struct err why = { 0 };
	char sentence[ERR_TEXT_MAX + 32];

	if (!table)
		return no_memory(err);
	buf_add_format(&path, "%s/%s", strata->path, live->name);
	buf_add_char(&path, '\0');
	*table = (struct strata_table){ 0 };
	table->is_open = sstfile_open(&table->file, path.at, live->family, &why) == 0;
	if (!table->is_open) {
		snprintf(sentence, sizeof(sentence), "it cannot be read at all: %s", why.text);
		tell(strata, live->name, sentence);
		return 0;
	}
	strata->bytes += table->file.size;
	if (live->size && live->size != table->file.size) {
		snprintf(sentence, sizeof(sentence),
			"it has %" PRIu64 " bytes and should have %" PRIu64, table->file.size,
			live->size);
		tell(strata, live->name, sentence);
	}
	if (table->file.trouble[0])
		tell(strata, live->name, table->file.trouble);
	return read_ranges(strata, &table->file, err);
}

/* ---- logs ---- */

static int add_logged(void *owner, const struct stored *entry)
{
	struct strata *strata = owner;
	struct strata_entry *added;

	if (entry->kind == STORED_RANGE_DELETED)
		return add_range(strata, entry) ? 0 : ERR_NOMEM;
	added = VEC_ADD(strata->logged, strata->n_logged, strata->cap_logged);
	if (!added)
		return ERR_NOMEM;
	*added = (struct strata_entry){ *entry, strata->texts.len,
		strata->texts.len + entry->key.len };
	buf_add_view(&strata->texts, entry->key);
	buf_add_view(&strata->texts, entry->value);
	return strata->texts.failed ? ERR_NOMEM : 0;
}

static void tell_of_log(struct strata *strata, const char *name, const struct walfile *log)
{
	char sentence[200];

	if (log->n_damaged) {
		snprintf(sentence, sizeof(sentence),
			"it is damaged in %" PRIu64 " place%s, first at byte %" PRIu64
			", and has whole batches behind that",
			log->n_damaged, log->n_damaged == 1 ? "" : "s", log->damaged_at);
		tell(strata, name, sentence);
	}
	if (log->is_torn) {
		snprintf(sentence, sizeof(sentence),
			"its last batch is cut, %" PRIu64 " bytes from byte %" PRIu64
			": a write that an end interrupted, or a file that was cut",
			log->size - log->torn_at, log->torn_at);
		tell(strata, name, sentence);
	}
}

static int add_log(struct strata *strata, const char *name, struct err *err)
{
	BUF_AUTO path = { 0 };
	struct walfile log;
	struct err why = { 0 };
	int rc;

	buf_add_format(&path, "%s/%s", strata->path, name);
	buf_add_char(&path, '\0');
	if (path.failed)
		return no_memory(err);
	strata->n_logs++;
	rc = walfile_read(path.at, add_logged, strata, &log, &why);
	strata->bytes += log.size;
	tell_of_log(strata, name, &log);
	if (rc == ERR_NOMEM)
		return no_memory(err);
	if (rc < 0)
		tell(strata, name, why.text);
	return 0;
}

static int by_place(const void *a_, const void *b_)
{
	const struct stored *a = &((const struct strata_entry *)a_)->of;
	const struct stored *b = &((const struct strata_entry *)b_)->of;
	int order;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	order = view_compare(a->key, b->key);
	if (order)
		return order;
	return a->number > b->number ? -1 : a->number < b->number;
}

static void sort_logged(struct strata *strata)
{
	for (size_t i = 0; i < strata->n_logged; i++) {
		strata->logged[i].of.key.at = strata->texts.at + strata->logged[i].key_at;
		strata->logged[i].of.value.at = strata->texts.at + strata->logged[i].value_at;
	}
	if (strata->n_logged)
		qsort(strata->logged, strata->n_logged, sizeof(*strata->logged), by_place);
}

/* ---- the folder ---- */

static int look_at(struct strata *strata, const char *name, bool all_tables, struct err *err)
{
	struct rocks_table live = { .family = SSTFILE_FAMILY_UNKNOWN };

	if (view_ends(view_of(name), VIEW(".log")))
		return add_log(strata, name, err);
	if (!all_tables || !view_ends(view_of(name), VIEW(".sst")) ||
		strlen(name) >= sizeof(live.name))
		return 0;
	memcpy(live.name, name, strlen(name) + 1);
	return add_table(strata, &live, err);
}

static int look_around(struct strata *strata, bool all_tables, struct err *err)
{
	DIR *folder = opendir(strata->path);
	struct dirent *entry;
	int rc = 0;

	if (!folder)
		return err_errno(err, errno, "cannot read the folder %s", strata->path);
	while (rc == 0 && (entry = readdir(folder)))
		rc = look_at(strata, entry->d_name, all_tables, err);
	closedir(folder);
	return rc;
}

int strata_open(struct strata *strata, const char *path, const struct rocks_table *live, size_t n,
	struct err *err)
{
	int rc = 0;

	strata->path = strdup(path);
	buf_init(&strata->texts, SIZE_MAX / 2);
	if (!strata->path)
		return no_memory(err);
	for (size_t i = 0; rc == 0 && live && i < n; i++)
		rc = add_table(strata, &live[i], err);
	if (rc == 0)
		rc = look_around(strata, !live, err);
	sort_logged(strata);
	return rc;
}

void strata_close(struct strata *strata)
{
	for (size_t i = 0; i < strata->n_tables; i++)
		sstfile_close(&strata->tables[i].file);
	for (size_t i = 0; i < strata->n_ranges; i++)
		free(strata->ranges[i].from);
	free(strata->tables);
	free(strata->ranges);
	free(strata->logged);
	free(strata->path);
	buf_fini(&strata->texts);
	*strata = (struct strata){ 0 };
}
