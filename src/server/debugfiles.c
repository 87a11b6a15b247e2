/* debugfiles: debug files of the tenants, by build id. */
#include "server/debugfiles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debuginfo/latenames.h"
#include "debuginfo/shelf.h"
#include "server/arguments.h"
#include "server/debuginfod.h"
#include "server/payload.h"
#include "server/problem.h"
#include "store/store.h"
#include "wire/json.h"

#define CACHE_FOLDER "cache"
#define PIECE_BYTES_MAX ((size_t)64 << 20) /* unpacked */
#define PIECE_RATIO_MAX 0                  /* what a file is made of may be zeros */
#define NO_FOLDER                                                                               \
	"this server keeps no debug files, because it keeps nothing on disk: debuginfo.folder " \
	"in its settings names a place for them"

struct debugfiles {
	struct shelf *shelf; /* owned, as is what follows; NULL: there is no folder */
	struct latenames *names;
	struct debuginfod *client; /* NULL if nobody is to be asked */
	struct store *store;
};

static int open_folder(
	struct debugfiles *files, const struct debugfiles_options *options, struct err *err)
{
	struct shelf_options how = { options->folder, options->bytes_max, options->file_max };
	BUF_AUTO cache = { 0 };
	struct debuginfod_options others = { options->urls, options->n_urls, NULL,
		options->fetched_max };
	struct latenames_options names = { .timeout_ms =
						   (unsigned)(options->timeout_ns / 1000000) };
	int rc = shelf_open(&how, &files->shelf, err);

	others.shelf = names.shelf = files->shelf;
	if (rc == 0 && options->n_urls)
		rc = debuginfod_new(&others, &files->client, err);

	if (rc < 0)
		return rc;
	buf_add_format(&cache, "%s/" CACHE_FOLDER, options->folder);
	buf_add_char(&cache, '\0');
	if (cache.failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	names.cache_dir = cache.at;
	names.missing = files->client ? debuginfod_want : NULL;
	names.owner = files->client;
	return latenames_new(&names, &files->names, err);
}

int debugfiles_open(
	const struct debugfiles_options *options, struct debugfiles **ret, struct err *err)
{
	struct debugfiles *files = calloc(1, sizeof(*files));
	int rc = files ? 0 : err_set(err, ERR_NOMEM, "out of memory");

	*ret = NULL;
	if (rc == 0 && options->folder)
		rc = open_folder(files, options, err);
	if (rc < 0) {
		debugfiles_close(files);
		return rc;
	}
	files->store = options->store;
	store_set_names(files->store, files->names);
	*ret = files;
	return 0;
}

void debugfiles_close(struct debugfiles *files)
{
	if (!files)
		return;
	if (files->store)
		store_set_names(files->store, NULL);
	latenames_free(files->names);
	debuginfod_free(files->client);
	shelf_close(files->shelf);
	free(files);
}

static void write_client(struct debuginfod *client, struct buf *out)
{
	struct debuginfod_figures f;

	debuginfod_figures(client, &f);
	metrics_head(out, "flyover_debuginfod_requests_total", "counter",
		"Builds that other servers were asked for, by what came of it.");
	buf_add_format(out, "flyover_debuginfod_requests_total{outcome=\"fetched\"} %llu\n",
		(unsigned long long)f.fetched);
	buf_add_format(out, "flyover_debuginfod_requests_total{outcome=\"missing\"} %llu\n",
		(unsigned long long)f.missing);
	buf_add_format(out, "flyover_debuginfod_requests_total{outcome=\"failed\"} %llu\n",
		(unsigned long long)f.failed);
}

void debugfiles_write_metrics(struct debugfiles *files, struct buf *out)
{
	struct shelf_figures f;

	if (!files || !files->shelf)
		return;
	shelf_figures(files->shelf, &f);
	metrics_head(out, "flyover_debuginfo_files", "gauge", "Debug files that are kept.");
	buf_add_format(out, "flyover_debuginfo_files %llu\n", (unsigned long long)f.files);
	metrics_head(out, "flyover_debuginfo_bytes", "gauge", "Bytes of the debug files kept.");
	buf_add_format(out, "flyover_debuginfo_bytes %llu\n", (unsigned long long)f.bytes);
	metrics_head(out, "flyover_debuginfo_evicted_total", "counter",
		"Debug files that had to go for others.");
	buf_add_format(
		out, "flyover_debuginfo_evicted_total %llu\n", (unsigned long long)f.evicted);
	if (files->client)
		write_client(files->client, out);
}

/* ---- answers ---- */

static bool has_folder(const struct debugfiles *files, struct httpd_reply *reply)
{
	if (!files->shelf)
		problem_reply(reply, 501, NO_FOLDER);
	return files->shelf;
}

static void refuse(struct httpd_reply *reply, const struct err *err)
{
	problem_reply(reply,
		err->code == ERR_CORRUPT ? 422
		: err->code == ERR_LIMIT ? 413
					 : problem_status(err->code),
		err->text);
}

static void finish(struct httpd_reply *reply)
{
	buf_add_char(&reply->made, '\n');
	reply->mime = "application/json";
	if (reply->made.failed)
		problem_reply(reply, 503, "out of memory for the answer");
}

static void add_file(void *owner, const struct shelf_file *file)
{
	struct json *json = owner;

	json_object(json);
	json_key(json, "build_id"), json_text(json, view_of(file->build_id));
	json_key(json, "kind"), json_text(json, view_of(shelf_kind_names[file->kind]));
	json_key(json, "bytes"), json_u64(json, file->bytes);
	json_key(json, "added"), json_i64(json, file->added_s);
	if (file->used_s)
		json_key(json, "used"), json_i64(json, file->used_s);
	json_object_end(json);
}

static int write_list(struct debugfiles *files, const struct router_call *call,
	struct view build_id, struct buf *out, struct err *err)
{
	const struct shelf_wanted wanted = { view_of(call->tenant), build_id };
	struct json json = { .out = out };
	struct shelf_figures figures;
	int rc;

	shelf_figures(files->shelf, &figures);
	json_object(&json);
	json_key(&json, "files"), json_array(&json);
	rc = shelf_list(files->shelf, &wanted, add_file, &json, err);
	json_array_end(&json);
	json_key(&json, "bytes"), json_u64(&json, figures.bytes);
	json_key(&json, "bytes_max"), json_u64(&json, figures.bytes_max);
	json_object_end(&json);
	return rc;
}

static void list(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	struct debugfiles *files = owner;
	struct err err = { 0 };

	if (!has_folder(files, reply))
		return;
	if (write_list(files, call, VIEW(""), &reply->made, &err) < 0)
		refuse(reply, &err);
	else
		finish(reply);
}

static void count(void *owner, const struct shelf_file *file)
{
	unsigned *n = owner;

	(void)file;
	(*n)++;
}

static void find(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	struct debugfiles *files = owner;
	struct err err = { 0 };
	const struct shelf_wanted wanted = { view_of(call->tenant), call->rest };
	unsigned n = 0;

	if (!has_folder(files, reply))
		return;
	if (!debugelf_is_id(call->rest))
		problem_reply(reply, 400, "a build id is an even number of lower-case hex digits");
	else if (shelf_list(files->shelf, &wanted, count, &n, &err) < 0 ||
		 (n && write_list(files, call, call->rest, &reply->made, &err) < 0))
		refuse(reply, &err);
	else if (n == 0)
		problem_reply(reply, 404, "no file of that build is here");
	else
		finish(reply);
}

static void remove_files(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	struct debugfiles *files = owner;
	struct err err = { 0 };
	unsigned n;

	if (!has_folder(files, reply))
		return;
	if (shelf_remove(files->shelf, view_of(call->tenant), call->rest, &n, &err) < 0) {
		refuse(reply, &err);
		return;
	}
	buf_add_format(&reply->made, "{\"removed\":%u}", n);
	finish(reply);
}

/* ---- in ---- */

static int read_piece(const struct router_call *call, struct shelf_piece *piece, struct err *err)
{
	const char *hash = httpd_argument(call->http, "hash");
	int rc;

	piece->tenant = view_of(call->tenant);
	piece->build_id = call->rest;
	piece->size = piece->bytes.len;
	rc = arguments_number(call, "size", UINT64_MAX, &piece->size, err);
	if (rc == 0)
		rc = arguments_number(call, "offset", UINT64_MAX, &piece->offset, err);
	if (rc == 0 && hash && !view_hex_to_u64(view_of(hash), &piece->hash))
		rc = err_set(err, ERR_USAGE, "hash= takes the XXH3 of the whole file in hex");
	return rc;
}

static void write_receipt(const struct router_call *call, const struct shelf_receipt *receipt,
	struct httpd_reply *reply)
{
	static const struct {
		const char *name;
		unsigned status;
	} STATES[] = { [SHELF_COMING] = { "coming", 202 },
		[SHELF_STORED] = { "stored", 201 },
		[SHELF_THERE] = { "there", 200 },
		[SHELF_BROKEN] = { "broken", 409 } };
	struct json json = { .out = &reply->made };

	reply->status = STATES[receipt->state].status;
	json_object(&json);
	json_key(&json, "build_id"), json_text(&json, call->rest);
	json_key(&json, "state"), json_text(&json, view_of(STATES[receipt->state].name));
	json_key(&json, "received"), json_u64(&json, receipt->received);
	if (receipt->state == SHELF_STORED) {
		json_key(&json, "kind");
		json_text(&json, view_of(shelf_kind_names[receipt->kind]));
	}
	json_object_end(&json);
	finish(reply);
}

static void put(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	static const struct payload_limits LIMITS = { PIECE_BYTES_MAX, PIECE_RATIO_MAX,
		"the largest piece; send it in several" };
	struct debugfiles *files = owner;
	struct shelf_piece piece = { 0 };
	struct shelf_receipt receipt;
	BUF_AUTO room = { 0 };
	struct err err = { 0 };
	int rc;

	if (!has_folder(files, reply) ||
		!payload_read(call->http, &LIMITS, &room, &piece.bytes, reply))
		return;
	rc = read_piece(call, &piece, &err);
	if (rc == 0)
		rc = shelf_add(files->shelf, &piece, &receipt, &err);
	if (rc < 0)
		refuse(reply, &err);
	else
		write_receipt(call, &receipt, reply);
}

static const struct route routes[] = {
	{ "GET", "/api/v1/debuginfo", list, SCOPE_READ, LANE_QUERY },
	{ "GET", "/api/v1/debuginfo/?", find, SCOPE_READ, LANE_QUERY },
	{ "PUT", "/api/v1/debuginfo/?", put, SCOPE_INGEST, LANE_INGEST },
	{ "DELETE", "/api/v1/debuginfo/?", remove_files, SCOPE_ADMIN, LANE_INGEST },
};

struct router_table debugfiles_table(struct debugfiles *files)
{
	return (struct router_table){ routes, sizeof(routes) / sizeof(routes[0]), files };
}
