/* cmd_debuginfo: debug files go to a server, which then names what came to it as addresses. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/api_url.h"
#include "cli/command.h"
#include "cli/credentials.h"
#include "cli/debug_upload.h"
#include "cli/listing.h"
#include "wire/json.h"

struct debuginfo_wish {
	struct credentials_wish credentials;
	const char *server;
	bool json;
};

static const struct option table[] = {
	{ 0, "server", OPTION_TEXT(struct debuginfo_wish, server), .argument = "URL",
		.help = "whose files they are " API_URL_SERVER_HELP },
	{ 0, "json", OPTION_FLAG(struct debuginfo_wish, json), .help = "say it as JSON" },
	CREDENTIALS_OPTIONS(struct debuginfo_wish, credentials),
	{ 0 },
};

/* One run. */
struct asking {
	const struct debuginfo_wish *wanted;
	const char *server;
	struct credentials credentials;
	struct buf out;
	struct json json; /* of uploads */
};

static int ask(struct asking *a, const char *method, const char *build_id, struct buf *body,
	struct err *err)
{
	struct fetch_request request = {
		.method = method, .limits = API_URL_LIMITS, .trust = a->credentials.trust
	};
	BUF_AUTO url = { 0 };

	api_url_begin(&url, view_of(a->server), build_id ? "debuginfo/" : "debuginfo");
	if (build_id)
		api_url_add_part(&url, view_of(build_id));
	buf_add_char(&url, '\0');
	request.url = url.at;
	if (url.failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	return fetch_send(&request, body, NULL, err);
}

/* ---- upload ---- */

static void on_file(void *owner, const struct debug_upload_file *file)
{
	static const char *const NAMES[] = { "sent", "there", "failed" };
	static const char *const WORDS[] = { "sent", "there already", "not taken" };
	struct asking *a = owner;

	if (a->wanted->json) {
		json_object(&a->json);
		json_key(&a->json, "file"), json_text(&a->json, view_of(file->path));
		json_key(&a->json, "build_id"), json_text(&a->json, view_of(file->build_id));
		json_key(&a->json, "bytes"), json_u64(&a->json, file->bytes);
		json_key(&a->json, "state"), json_text(&a->json, view_of(NAMES[file->state]));
		if (file->why)
			json_key(&a->json, "reason"), json_text(&a->json, view_of(file->why));
		json_object_end(&a->json);
		return;
	}
	printf("%s  %s  %s\n", file->build_id, file->path, WORDS[file->state]);
	fflush(stdout);
	if (file->why)
		fprintf(stderr, "flyover debuginfo: %s: %s\n", file->path, file->why);
}

/* What the server refuses does not keep the others from it; a path that is none does. */
static int upload(struct asking *a, char **paths, unsigned n, struct err *err)
{
	struct debug_upload sending = { .server = a->server,
		.trust = a->credentials.trust,
		.shows_progress = !a->wanted->json && isatty(STDERR_FILENO),
		.each = on_file,
		.owner = a };
	int rc = n ? 0 : err_set(err, ERR_USAGE, "upload what? name files or folders");

	a->json.out = &a->out;
	if (a->wanted->json)
		json_object(&a->json), json_key(&a->json, "files"), json_array(&a->json);
	for (unsigned i = 0; rc == 0 && i < n; i++)
		rc = debug_upload_path(&sending, paths[i], err);
	if (a->wanted->json) {
		json_array_end(&a->json), json_object_end(&a->json);
		buf_add_char(&a->out, '\n');
	}
	if (rc == 0 && !sending.n[DEBUG_UPLOAD_SENT] && !sending.n[DEBUG_UPLOAD_THERE] &&
		!sending.n[DEBUG_UPLOAD_FAILED] && !a->wanted->json)
		fprintf(stderr, "flyover debuginfo: no file there has a build id and names\n");
	if (rc == 0)
		rc = sending.n[DEBUG_UPLOAD_FAILED] ? STATUS_NO : STATUS_DONE;
	return rc;
}

/* ---- the others ---- */

static int list(struct asking *a, char **ids, unsigned n, struct err *err)
{
	BUF_AUTO body = { 0 };
	bool any = false;
	int rc = n > 1 ? err_set(err, ERR_USAGE, "one build id at most")
		       : ask(a, NULL, n ? ids[0] : NULL, &body, err);

	if (rc == 0 && a->wanted->json) {
		buf_add_view(&a->out, buf_view(&body));
		return STATUS_DONE;
	}
	if (rc == 0)
		rc = listing_debugfiles(buf_view(&body), &a->out, &any, err);
	return rc < 0 ? rc : any ? STATUS_DONE : STATUS_NO;
}

static int find(struct asking *a, char **ids, unsigned n, struct err *err)
{
	int rc = n == 1 ? list(a, ids, n, err) : err_set(err, ERR_USAGE, "find takes one build id");

	if (rc != ERR_NOT_FOUND)
		return rc;
	fprintf(stderr, "flyover debuginfo: no file of that build is there\n");
	return STATUS_NO;
}

static int remove_files(struct asking *a, char **ids, unsigned n, struct err *err)
{
	int status = STATUS_DONE;
	int rc = n ? 0 : err_set(err, ERR_USAGE, "remove takes build ids");

	for (unsigned i = 0; rc == 0 && i < n; i++) {
		BUF_AUTO body = { 0 };

		rc = ask(a, "DELETE", ids[i], &body, err);
		if (rc == ERR_NOT_FOUND) {
			fprintf(stderr, "flyover debuginfo: %s: no file of that build is there\n",
				ids[i]);
			status = STATUS_NO;
			rc = 0;
		}
	}
	return rc < 0 ? rc : status;
}

static int run_word(struct asking *a, const struct command_line *line, struct err *err)
{
	const char *word = line->operands[0];
	char **rest = line->operands + 1;
	unsigned n = line->n_operands - 1;

	if (strcmp(word, "upload") == 0)
		return upload(a, rest, n, err);
	if (strcmp(word, "find") == 0)
		return find(a, rest, n, err);
	return strcmp(word, "remove") == 0 ? remove_files(a, rest, n, err) : list(a, rest, n, err);
}

static int run(const struct command_line *line)
{
	const struct debuginfo_wish *wanted = line->options;
	struct asking a = { .wanted = wanted, .server = api_url_server(wanted->server) };
	struct err err = { 0 };
	int rc = credentials_read(&wanted->credentials, &a.credentials, &err);

	if (rc == 0)
		rc = run_word(&a, line, &err);
	if (a.out.len)
		fwrite(a.out.at, 1, a.out.len, stdout);
	buf_fini(&a.out);
	credentials_fini(&a.credentials);
	return rc < 0 ? command_fail(line->command, &err) : rc;
}

static const struct command_word words[] = {
	{ "upload", "send these files, and all with names below these folders" },
	{ "list", "what the server has: build id, kind, size, since when, last used" },
	{ "find", "the same of one build id; status 1 if nothing is there" },
	{ "remove", "remove what the server has of these build ids" },
	{ NULL, NULL },
};

static const struct command_word examples[] = {
	{ "flyover debuginfo upload build/shop",
		"what names its functions, before it is stripped" },
	{ "flyover debuginfo upload /usr/lib/debug --server https://flyover.example:4040/ "
	  "--token-file token",
		"all that a host has" },
	{ "flyover debuginfo list", "what is there" },
	{ NULL, NULL },
};

const struct command cmd_debuginfo = {
	.name = "debuginfo",
	.operands = "WORD [FILE|FOLDER|BUILD_ID]…",
	.summary = "bring debug files to a server, which names addresses by them",
	.about = "Profiles of stripped programs come as addresses. Whenever a server has a file of "
		 "the same build id when it is asked, its answers have the names, the inlined "
		 "functions and the lines, also of profiles that came before.\n"
		 "\n"
		 "A file is a program, a library, or what was split off one (.debug). What the "
		 "server has already is not sent again, and what was interrupted goes on where it "
		 "stopped. Exit status 1 says that the server did not take a file.",
	.examples = examples,
	.first_words = words,
	.first_words_title = "Words",
	.operands_min = 1,
	.operands_max = COMMAND_OPERANDS_ANY,
	.options = table,
	.options_size = sizeof(struct debuginfo_wish),
	.run = run,
};
