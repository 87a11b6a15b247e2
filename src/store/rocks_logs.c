/* rocks_logs: the logs are looked at before RocksDB reads them, which stops at damage and says
 * nothing. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "store/rocks.h"
#include "store/walfile.h"

struct logs {
	struct rocks *rocks;
	uint64_t torn, last; /* numbers of logs; 0 = none. last: that has whole batches */
	uint64_t torn_bytes;
};

static int damaged(const struct rocks *rocks, const char *name, uint64_t at, struct err *err)
{
	return err_set(err, ERR_CORRUPT,
		"the log %s of the store %s is damaged at byte %" PRIu64
		" and has whole batches behind that, which may have been acknowledged; nothing was "
		"changed. Look with `flyover store check`, and keep what can be read with `flyover "
		"store repair`",
		name, rocks->path, at);
}

static int look_at(struct logs *logs, const char *name, struct err *err)
{
	BUF_AUTO path = { 0 };
	struct walfile log;
	uint64_t number = 0;
	int rc;

	if (!view_to_u64((struct view){ name, strlen(name) - 4 }, &number))
		return 0;
	buf_add_format(&path, "%s/%s", logs->rocks->path, name);
	buf_add_char(&path, '\0');
	rc = path.failed ? err_set(err, ERR_NOMEM, "out of memory")
			 : walfile_read(path.at, NULL, NULL, &log, err);
	if (rc < 0)
		return rc;
	if (log.n_damaged)
		return damaged(logs->rocks, name, log.damaged_at, err);
	if (log.is_torn && (!logs->torn || number < logs->torn)) {
		logs->torn = number;
		logs->torn_bytes = log.size - log.torn_at;
	}
	if (log.n_batches && number > logs->last)
		logs->last = number;
	return 0;
}

int rocks_check_logs(struct rocks *rocks, struct err *err)
{
	struct logs logs = { .rocks = rocks };
	DIR *folder = opendir(rocks->path);
	struct dirent *entry;
	char name[32];
	int rc = 0;

	if (!folder)
		return err_errno(err, errno, "cannot read the store's folder %s", rocks->path);
	while (rc == 0 && (entry = readdir(folder)))
		if (view_ends(view_of(entry->d_name), VIEW(".log")))
			rc = look_at(&logs, entry->d_name, err);
	closedir(folder);
	if (rc < 0 || !logs.torn)
		return rc;
	snprintf(name, sizeof(name), "%06" PRIu64 ".log", logs.torn);
	if (logs.torn < logs.last)
		return err_set(err, ERR_CORRUPT,
			"the log %s of the store %s ends in the middle of a batch, and there is a "
			"later one; nothing was changed. Look with `flyover store check`, and keep "
			"what can be read with `flyover store repair`",
			name, rocks->path);
	snprintf(rocks->note, sizeof(rocks->note),
		"the log %s ended in the middle of a batch, which was not acknowledged: its last "
		"%" PRIu64 " bytes are left out",
		name, logs.torn_bytes);
	return 0;
}
