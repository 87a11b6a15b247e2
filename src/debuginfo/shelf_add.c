/* shelf_add: a file comes in, piece by piece. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/hash.h"
#include "debuginfo/shelf_impl.h"
#include "object/object.h"

#define SECOND INT64_C(1000000000)
#define FORGOTTEN_S 3600 /* without a new piece */

/* ---- what is on its way; under the lock ---- */

static struct shelf_coming *find_coming(struct shelf *shelf, const char *path)
{
	for (size_t i = 0; i < shelf->n_coming; i++)
		if (strcmp(shelf->coming[i].path, path) == 0)
			return &shelf->coming[i];
	return NULL;
}

static void forget_coming(struct shelf *shelf, struct shelf_coming *coming)
{
	unlink(coming->path);
	free(coming->path);
	shelf->coming_bytes -= coming->bytes;
	*coming = shelf->coming[--shelf->n_coming];
}

static struct shelf_coming *begin_coming(struct shelf *shelf, const char *path, struct err *err)
{
	int64_t now_s = shelf_now_ns() / SECOND;
	struct shelf_coming *coming;
	char *copy;

	for (size_t i = shelf->n_coming; i-- > 0;)
		if (now_s - shelf->coming[i].touched_s > FORGOTTEN_S)
			forget_coming(shelf, &shelf->coming[i]);
	if (shelf->n_coming == SHELF_COMING_MAX) {
		err_set(err, ERR_LIMIT,
			"%d debug files are on their way already, which is the most at once: try "
			"again later",
			SHELF_COMING_MAX);
		return NULL;
	}
	copy = strdup(path);
	if (!copy) {
		err_set(err, ERR_NOMEM, "out of memory");
		return NULL;
	}
	coming = &shelf->coming[shelf->n_coming++];
	*coming = (struct shelf_coming){ .path = copy };
	return coming;
}

/* ---- one piece ---- */

struct adding {
	struct shelf *shelf;
	const struct shelf_piece *piece;
	struct shelf_receipt *receipt;
	char path[PATH_MAX]; /* of what is on its way */
	int fd;
	struct err *err;
};

static int check(const struct shelf *shelf, const struct shelf_piece *piece, struct err *err)
{
	if (!debugelf_is_id(piece->build_id))
		return err_set(err, ERR_USAGE,
			"a build id is an even number of lower-case hex digits, at most %d",
			DEBUGELF_ID_MAX);
	if (piece->tenant.len > SHELF_TENANT_MAX ||
		memchr(piece->tenant.at, '/', piece->tenant.len))
		return err_set(err, ERR_USAGE, "there can be no such tenant");
	if (piece->size == 0 || piece->offset > piece->size ||
		piece->bytes.len > piece->size - piece->offset)
		return err_set(err, ERR_USAGE, "the piece ends past the size that the file has");
	if (piece->size > shelf->file_max)
		return err_set(err, ERR_LIMIT,
			"the file has %llu bytes, more than the %llu that debuginfo.file_bytes "
			"allows",
			(unsigned long long)piece->size, (unsigned long long)shelf->file_max);
	if (piece->size > shelf->bytes_max)
		return err_set(err, ERR_LIMIT,
			"the file has %llu bytes, more than the %llu that debuginfo.bytes allows "
			"for all",
			(unsigned long long)piece->size, (unsigned long long)shelf->bytes_max);
	return 0;
}

static bool is_there(struct adding *a)
{
	bool found = false;

	pthread_mutex_lock(&a->shelf->lock);
	for (int kind = 0; kind < SHELF_KINDS; kind++) {
		const struct shelf_entry *entry = shelf_entry_find(
			a->shelf, a->piece->tenant, a->piece->build_id, (enum shelf_kind)kind);

		found |= entry && entry->bytes == a->piece->size;
	}
	pthread_mutex_unlock(&a->shelf->lock);
	return found;
}

static int make_path(struct adding *a)
{
	char folder[PATH_MAX];
	int len;

	if (shelf_folder_path(a->shelf, a->piece->tenant, folder) < 0)
		return err_set(a->err, ERR_USAGE, "the path is too long");
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return err_errno(a->err, errno, "cannot create %s", folder);
	/* The build id's beginning will do: its size and its content are in the name, too. */
	len = snprintf(a->path, sizeof(a->path), "%s/%.*s-%" PRIx64 "-%016" PRIx64 ".part", folder,
		a->piece->build_id.len < 40 ? (int)a->piece->build_id.len : 40,
		a->piece->build_id.at, a->piece->size, a->piece->hash);
	return len < (int)sizeof(a->path) ? 0 : err_set(a->err, ERR_USAGE, "the path is too long");
}

static int open_coming(struct adding *a)
{
	struct shelf_coming *coming = find_coming(a->shelf, a->path);
	int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (coming ? 0 : O_TRUNC);

	if (!coming)
		coming = begin_coming(a->shelf, a->path, a->err);
	if (!coming)
		return a->err->code;
	a->fd = open(a->path, flags, 0600);
	if (a->fd < 0) {
		int rc = err_errno(a->err, errno, "cannot create %s", a->path);

		forget_coming(a->shelf, coming);
		return rc;
	}
	coming->touched_s = shelf_now_ns() / SECOND;
	a->receipt->received = coming->bytes;
	return 0;
}

static int append(struct adding *a)
{
	struct shelf_coming *coming = find_coming(a->shelf, a->path);
	uint64_t len = a->piece->bytes.len;
	int rc = shelf_make_room(a->shelf, len, a->err);

	if (rc == 0)
		rc = disk_write_at(a->fd, a->piece->bytes, a->piece->offset, a->err);
	if (rc < 0)
		return rc;
	coming->bytes += len;
	a->shelf->coming_bytes += len;
	a->receipt->received = coming->bytes;
	return 0;
}

/* ---- once it is whole ---- */

static int check_hash(struct adding *a)
{
	void *at;
	uint64_t hash;

	if (!a->piece->hash)
		return 0;
	at = mmap(NULL, a->piece->size, PROT_READ, MAP_PRIVATE, a->fd, 0);
	if (at == MAP_FAILED)
		return err_errno(a->err, errno, "cannot read %s", a->path);
	hash = hash_view((struct view){ at, a->piece->size });
	munmap(at, a->piece->size);
	return hash == a->piece->hash
		       ? 0
		       : err_set(a->err, ERR_CORRUPT,
				 "the bytes that came are not those that were announced");
}

static int check_object(struct adding *a, enum shelf_kind *ret)
{
	struct object *object;
	bool is_program;
	int fd = fcntl(a->fd, F_DUPFD_CLOEXEC, 0);
	int rc = fd < 0 ? err_errno(a->err, errno, "cannot read %s", a->path)
			: object_open_fd(fd, "the file", &object, a->err);

	if (rc < 0)
		return rc;
	rc = debugelf_check_id(object, a->piece->build_id, &is_program, a->err);
	object_unref(object);
	*ret = is_program ? SHELF_PROGRAM : SHELF_DEBUG;
	return rc;
}

/* Under its name, as never used. Before it is listed: who is killed in between finds it again. */
static int keep(struct adding *a, const struct shelf_entry *like)
{
	struct timespec now = { like->used_ns / SECOND, like->used_ns % SECOND };
	struct shelf_entry name = { .kind = like->kind };
	char path[PATH_MAX], tenant[SHELF_TENANT_MAX + 1], id[DEBUGELF_ID_MAX + 1];

	snprintf(tenant, sizeof(tenant), "%.*s", (int)a->piece->tenant.len,
		a->piece->tenant.at ? a->piece->tenant.at : "");
	snprintf(id, sizeof(id), "%.*s", (int)a->piece->build_id.len, a->piece->build_id.at);
	name.tenant = tenant;
	name.build_id = id;
	if (shelf_path(a->shelf, &name, path) < 0)
		return err_set(a->err, ERR_USAGE, "the path is too long");
	futimens(a->fd, (struct timespec[]){ now, now });
	return disk_keep(a->fd, a->path, path, a->err);
}

static int list(struct adding *a, const struct shelf_entry *like, int rc)
{
	struct shelf_coming *coming;

	pthread_mutex_lock(&a->shelf->lock);
	coming = find_coming(a->shelf, a->path);
	if (coming)
		forget_coming(a->shelf, coming);
	if (rc == 0)
		rc = shelf_entry_add(a->shelf, a->piece->tenant, a->piece->build_id, like, a->err);
	pthread_mutex_unlock(&a->shelf->lock);
	return rc;
}

static int finish(struct adding *a)
{
	struct shelf_entry like = { .bytes = a->piece->size };
	int rc = check_hash(a);

	if (rc == 0)
		rc = check_object(a, &like.kind);
	like.used_ns = like.saved_ns = shelf_now_ns();
	like.added_s = like.used_ns / SECOND;
	if (rc == 0)
		rc = keep(a, &like);
	rc = list(a, &like, rc);
	a->receipt->state = SHELF_STORED;
	a->receipt->kind = like.kind;
	return rc == ERR_UNSUPPORTED ? a->err->code = ERR_CORRUPT : rc;
}

/* Who only asks leaves nothing behind. */
static void tell_received(struct adding *a)
{
	const struct shelf_coming *coming;

	pthread_mutex_lock(&a->shelf->lock);
	coming = find_coming(a->shelf, a->path);
	if (coming)
		a->receipt->received = coming->bytes;
	pthread_mutex_unlock(&a->shelf->lock);
}

static int add(struct adding *a)
{
	const struct shelf_piece *piece = a->piece;
	int rc = make_path(a);

	if (rc == 0 && piece->bytes.len == 0) {
		tell_received(a);
		return 0;
	}
	if (rc == 0) {
		pthread_mutex_lock(&a->shelf->lock);
		rc = open_coming(a);
		if (rc == 0 && piece->offset != a->receipt->received)
			a->receipt->state = SHELF_BROKEN;
		else if (rc == 0)
			rc = append(a);
		pthread_mutex_unlock(&a->shelf->lock);
	}
	if (rc == 0 && a->receipt->state == SHELF_COMING && a->receipt->received == piece->size)
		rc = finish(a);
	if (a->fd >= 0)
		close(a->fd);
	return rc;
}

int shelf_add(struct shelf *shelf, const struct shelf_piece *piece, struct shelf_receipt *ret,
	struct err *err)
{
	struct err unseen = { 0 };
	struct adding a = {
		.shelf = shelf, .piece = piece, .receipt = ret, .fd = -1, .err = err ? err : &unseen
	};
	int rc;

	*ret = (struct shelf_receipt){ 0 };
	rc = check(shelf, piece, a.err);
	if (rc < 0)
		return rc;
	pthread_mutex_lock(&shelf->writing);
	if (is_there(&a))
		ret->state = SHELF_THERE;
	else
		rc = add(&a);
	pthread_mutex_unlock(&shelf->writing);
	return rc;
}
