/* mend: a damaged store is written anew from all that can be read of it. */
#include "store/mend.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <roaring/roaring.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/disk.h"
#include "store/folders.h"
#include "store/mend_parts.h"

#define MEMORY ((size_t)128 << 20)

static int out_of_room(struct mend *mend, const char *path, struct err *err)
{
	uint64_t needed = mend->old->strata.bytes + ((uint64_t)64 << 20);
	uint64_t there = rocks_bytes_free(&mend->old->rocks);

	if (there >= needed)
		return 0;
	return err_set(err, ERR_LIMIT,
		"a repair writes the store anew: that may take %" PRIu64
		" MB, and the disk of %s has %" PRIu64 " MB left",
		needed >> 20, path, there >> 20);
}

static int open_new(struct mend *mend, const char *path, struct err *err)
{
	struct rocks_options options = { .path = path, .memory_max = MEMORY, .create = true };
	int rc = folders_remove(path, err);

	return rc < 0 ? rc : rocks_open(&mend->rocks, &options, err);
}

static int write_new(struct mend *mend, struct err *err)
{
	struct survey *survey = &mend->old->survey;
	int rc;

	survey->owner = mend;
	survey->dictionary = mend_parts_dictionary;
	survey->block = mend_parts_block;
	survey->row = mend_parts_row;
	rc = survey_run(survey, err);
	if (rc == 0)
		rc = mend_parts_rest(mend);
	if (rc == 0)
		rc = rocks_flush(&mend->rocks, &mend->err);
	if (rc < 0 && mend->err.code && err)
		*err = mend->err;
	return rc;
}

/* What was written is read again before it takes the place of what was. */
static int check_new(const char *path, struct err *err)
{
	struct checkup *checkup = calloc(1, sizeof(*checkup));
	int rc = checkup ? checkup_open(checkup, path, err)
			 : err_set(err, ERR_NOMEM, "out of memory");

	if (rc == 0)
		rc = survey_run(&checkup->survey, err);
	if (rc == 0 && checkup->findings.n)
		rc = err_set(err, ERR_CORRUPT,
			"the new store has a fault, and the old one was left as it is: %s: %s",
			checkup->findings.at[0].where, checkup->findings.at[0].what);
	if (checkup)
		checkup_close(checkup);
	free(checkup);
	return rc;
}

static int take_its_place(struct mend *mend, const char *path, const char *made, struct err *err)
{
	time_t now = time(NULL);
	struct tm tm;
	char stamp[32];

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	buf_add_format(&mend->aside, "%s.damaged-%s", path, stamp);
	buf_add_char(&mend->aside, '\0');
	if (mend->aside.failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rename(path, mend->aside.at) < 0)
		return err_errno(err, errno, "cannot rename %s to %s", path, mend->aside.at);
	if (rename(made, path) < 0)
		return err_errno(err, errno, "%s is %s now; cannot rename %s to %s", path,
			mend->aside.at, made, path);
	return folders_sync_parent(path, err);
}

int mend_run(struct mend *mend, struct checkup *old, struct err *err)
{
	BUF_AUTO path = { 0 }, made = { 0 };
	int rc;

	*mend = (struct mend){ .old = old, .rocks = { .lock_fd = -1 } };
	buf_add_text(&path, old->rocks.path);
	while (path.len > 1 && path.at[path.len - 1] == '/')
		path.len--;
	buf_add_view(&made, buf_view(&path));
	buf_add_text(&made, ".mending");
	buf_add_char(&path, '\0');
	buf_add_char(&made, '\0');
	if (path.failed || made.failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = out_of_room(mend, path.at, err);
	if (rc == 0)
		rc = open_new(mend, made.at, err);
	if (rc == 0)
		rc = write_new(mend, err);
	rocks_close(&mend->rocks);
	if (rc == 0)
		rc = check_new(made.at, err);
	if (rc == 0)
		rc = take_its_place(mend, path.at, made.at, err);
	if (rc < 0)
		buf_clear(&mend->aside);
	return rc;
}

void mend_fini(struct mend *mend)
{
	struct map_slot *slot;

	for (size_t cursor = 0; (slot = map_next(&mend->days, &cursor));)
		roaring_bitmap_free((roaring_bitmap_t *)(uintptr_t)slot->value);
	map_fini(&mend->days);
	map_fini(&mend->hours);
	if (mend->batch)
		rocksdb_writebatch_destroy(mend->batch);
	buf_fini(&mend->aside);
	rocks_close(&mend->rocks);
}
