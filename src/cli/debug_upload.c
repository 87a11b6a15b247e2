/* debug_upload: debug files on their way to a server. */
#include "cli/debug_upload.h"

#include <errno.h>
#include <fts.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/disk.h"
#include "base/hash.h"
#include "cli/api_url.h"
#include "debuginfo/debugelf.h"
#include "object/object.h"
#include "wire/gzip.h"
#include "wire/json_read.h"

#define PIECE_BYTES ((uint64_t)4 << 20)
#define PIECE_BYTES_MIN ((uint64_t)16 << 10)
#define HASHED_BYTES ((size_t)1 << 20) /* at a time */
#define TRIES 5u                       /* of asking, with breaks between */
#define PIECE_TRIES 10u                /* of one piece, each smaller */

struct sending {
	struct debug_upload *upload;
	const struct object *object;
	const char *path;
	char build_id[DEBUGELF_ID_MAX + 1];
	uint64_t size, hash, received, piece_bytes;
	bool is_there;
	struct err *err;
};

/* ---- one request ---- */

static void make_url(const struct sending *s, uint64_t offset, struct buf *url)
{
	char text[32];

	api_url_begin(url, view_of(s->upload->server), "debuginfo/");
	api_url_add_part(url, view_of(s->build_id));
	snprintf(text, sizeof(text), "%" PRIu64, s->size);
	api_url_add(url, "size", view_of(text));
	snprintf(text, sizeof(text), "%" PRIu64, offset);
	api_url_add(url, "offset", view_of(text));
	snprintf(text, sizeof(text), "%016" PRIx64, s->hash);
	api_url_add(url, "hash", view_of(text));
	buf_add_char(url, '\0');
}

/* {"state":…,"received":n} */
static int read_receipt(struct sending *s, struct view body)
{
	struct json_read r;
	struct view key, state = { 0 };
	double received = 0;
	int rc;

	json_read_init(&r, body);
	json_read_object(&r);
	while (json_read_key(&r, &key))
		if (view_equal(key, VIEW("received")))
			json_read_number(&r, &received);
		else if (view_equal(key, VIEW("state")))
			json_read_text(&r, &state);
		else
			json_read_skip(&r);
	s->is_there = view_equal(state, VIEW("there"));
	s->received = view_equal(state, VIEW("stored")) ? s->size
		      : received > 0                    ? (uint64_t)received
							: 0;
	rc = r.wrong || state.len == 0 || s->received > s->size
		     ? err_set(s->err, ERR_CORRUPT, "the server's answer makes no sense")
		     : 0;
	json_read_fini(&r);
	return rc;
}

static int send_piece(struct sending *s, uint64_t offset, struct view bytes, unsigned *ret_status)
{
	BUF_AUTO url = { 0 };
	BUF_AUTO zipped = { 0 };
	BUF_AUTO body = { 0 };
	struct fetch_request request = { .method = "PUT",
		.mime = "application/octet-stream",
		.coding = bytes.len ? "gzip" : NULL,
		.limits = API_URL_LIMITS,
		.trust = s->upload->trust };
	int rc = bytes.len ? gzip_deflate(bytes, GZIP_FAST, &zipped, s->err) : 0;

	make_url(s, offset, &url);
	request.url = url.at;
	request.body = buf_view(&zipped);
	if (rc == 0 && (url.failed || zipped.failed))
		rc = err_set(s->err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		rc = fetch_send(&request, &body, ret_status, s->err);
	return rc < 0 ? rc : read_receipt(s, buf_view(&body));
}

static bool is_worth_another_try(unsigned status)
{
	return status == 0 || status == 409 || status == 429 || status == 503 || status == 502 ||
	       status == 504;
}

/* Asks what is there already, so that the next piece is the right one. With breaks that grow. */
static int ask(struct sending *s)
{
	struct timespec pause = { 0, 250000000 };
	unsigned status = 0;
	int rc = 0;

	for (unsigned i = 0; i < TRIES; i++) {
		rc = send_piece(s, 0, VIEW(""), &status);
		if (rc == 0 || !is_worth_another_try(status))
			break;
		if (i + 1 < TRIES)
			nanosleep(&pause, NULL);
		pause.tv_sec = pause.tv_sec * 2 + (pause.tv_nsec ? 1 : 0);
		pause.tv_nsec = 0;
	}
	return rc;
}

/* ---- one file ---- */

static int hash_file(struct sending *s)
{
	struct hash_stream *stream = hash_stream_new();
	BUF_AUTO bytes = { 0 };
	int rc = stream ? 0 : err_set(s->err, ERR_NOMEM, "out of memory");

	for (uint64_t at = 0; rc == 0 && at < s->size; at += bytes.len) {
		uint64_t left = s->size - at;

		buf_clear(&bytes);
		rc = object_read(s->object, at, left < HASHED_BYTES ? (size_t)left : HASHED_BYTES,
			&bytes, s->err);
		hash_stream_add(stream, buf_view(&bytes));
	}
	s->hash = hash_stream_end(stream);
	return rc;
}

static void show(const struct sending *s, bool is_done)
{
	if (!s->upload->shows_progress)
		return;
	if (is_done)
		fputs("\r\033[K", stderr);
	else
		fprintf(stderr, "\r\033[K%3u%%  %.16s  %.*s",
			(unsigned)(s->received * 100 / s->size), s->build_id, 40, s->path);
	fflush(stderr);
}

static int send_next(struct sending *s, unsigned *ret_status)
{
	uint64_t left = s->size - s->received;
	BUF_AUTO bytes = { 0 };
	int rc = object_read(s->object, s->received,
		(size_t)(left < s->piece_bytes ? left : s->piece_bytes), &bytes, s->err);

	*ret_status = 400;
	return rc < 0 ? rc : send_piece(s, s->received, buf_view(&bytes), ret_status);
}

/* A server that takes less at once says so, or hangs up before all of it is sent. */
static int go_on(struct sending *s, unsigned status, int rc)
{
	if (!is_worth_another_try(status) && status != 413)
		return rc;
	if (status == 413 && s->piece_bytes == PIECE_BYTES_MIN)
		return rc;
	if (s->piece_bytes > PIECE_BYTES_MIN)
		s->piece_bytes /= 2;
	return ask(s);
}

static int send_all(struct sending *s)
{
	unsigned n_failed = 0, status;
	int rc = ask(s);

	s->piece_bytes = PIECE_BYTES;
	while (rc == 0 && !s->is_there && s->received < s->size) {
		show(s, false);
		rc = send_next(s, &status);
		n_failed = rc < 0 ? n_failed + 1 : 0;
		if (rc < 0 && n_failed < PIECE_TRIES)
			rc = go_on(s, status, rc);
	}
	show(s, true);
	return rc;
}

static void tell(struct sending *s, enum debug_upload_state state, const char *why)
{
	s->upload->n[state]++;
	s->upload->each(s->upload->owner,
		&(struct debug_upload_file){ s->path, s->build_id, s->size, state, why });
}

static int send_object(struct debug_upload *upload, const struct object *object, const char *path)
{
	struct err err = { 0 };
	struct sending s = { .upload = upload,
		.object = object,
		.path = path,
		.size = object_size(object),
		.err = &err };
	BUF_AUTO hex = { 0 };
	int rc;

	object_build_id_hex(object, &hex);
	snprintf(s.build_id, sizeof(s.build_id), "%.*s", (int)hex.len, hex.at);
	rc = hash_file(&s);
	if (rc == 0)
		rc = send_all(&s);
	if (rc < 0)
		tell(&s, DEBUG_UPLOAD_FAILED, err.text);
	else
		tell(&s, s.is_there ? DEBUG_UPLOAD_THERE : DEBUG_UPLOAD_SENT, NULL);
	return rc;
}

/* ---- paths ---- */

static int send_file(struct debug_upload *upload, const char *path, struct err *err)
{
	struct object *object;
	bool is_program;
	int rc = object_open(path, &object, err);

	if (rc < 0)
		return rc;
	rc = debugelf_check(object, &is_program, err);
	if (rc == 0)
		send_object(upload, object, path);
	else
		err_where(err, "%s", path);
	object_unref(object);
	return rc;
}

static int send_folder(struct debug_upload *upload, const char *path, struct err *err)
{
	char *paths[] = { (char *)path, NULL };
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	FTSENT *entry;

	if (!walk)
		return err_errno(err, errno, "cannot read %s", path);
	while ((entry = fts_read(walk)))
		if (entry->fts_info == FTS_F && entry->fts_statp->st_size > 0)
			send_file(upload, entry->fts_path, NULL);
	fts_close(walk);
	return 0;
}

int debug_upload_path(struct debug_upload *upload, const char *path, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_errno(err, errno, "cannot read %s", path);
	return S_ISDIR(st.st_mode) ? send_folder(upload, path, err) : send_file(upload, path, err);
}
