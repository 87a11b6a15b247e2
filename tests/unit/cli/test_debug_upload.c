/* test_debug_upload: files go to a server once, in pieces, and on where they stopped. */
#include "server/served_debugfiles.h"

#include "cli/debug_upload.h"

static char url[64], said[4096];

static int start(void **state)
{
	if (served_debugfiles_start(state, (struct router_options){ .body_max = 1 << 16 }) != 0)
		return -1;
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/", served.port);
	return 0;
}

static void note(void *owner, const struct debug_upload_file *file)
{
	size_t len = strlen(said);

	(void)owner;
	assert_true(file->bytes > 0);
	snprintf(said + len, sizeof(said) - len, "%s %s %d %s\n", file->path, file->build_id,
		(int)file->state, file->why ? file->why : "");
}

static int upload(const char *path, struct debug_upload *ret, struct err *err)
{
	*ret = (struct debug_upload){ .server = url, .each = note };
	said[0] = '\0';
	return debug_upload_path(ret, path, err);
}

static void a_file_is_sent_once(void **state)
{
	struct debug_upload sent;

	assert_int_equal(upload("program", &sent, NULL), 0);
	assert_int_equal(sent.n[DEBUG_UPLOAD_SENT], 1);
	assert_string_equal(said, "program " SHELVED_ID " 0 \n");
	assert_int_equal(upload("program", &sent, NULL), 0);
	assert_int_equal(sent.n[DEBUG_UPLOAD_THERE], 1);
}

/* What does not zip well is larger than the server takes at once. */
static void pieces_are_as_large_as_the_server_takes(void **state)
{
	struct debug_upload sent;

	programs_run("head -c 300000 /dev/urandom > noise && printf '.section .noise,\"a\"\\n"
		     ".incbin \"noise\"\\n' > noise.s && cc -g -shared -nostdlib -Wl,--build-id=0x"
		     "5ca1ab1e00000000000000000000000000000003 -o large.so noise.s");
	assert_int_equal(upload("large.so", &sent, NULL), 0);
	assert_int_equal(sent.n[DEBUG_UPLOAD_SENT], 1);
}

static void in_folders_what_names_nothing_is_passed_over(void **state)
{
	struct debug_upload sent;

	programs_run("mkdir -p all/deep && cp other program.c all/deep/ && touch all/empty && "
		     "ln -s /usr all/up");
	assert_int_equal(upload("all", &sent, NULL), 0);
	assert_int_equal(sent.n[DEBUG_UPLOAD_SENT], 1);
	assert_non_null(strstr(said, "all/deep/other"));
}

static void what_cannot_be_sent_says_why(void **state)
{
	struct debug_upload sent;
	struct err err;

	assert_true(upload("program.c", &sent, &err) < 0);
	assert_true(upload("missing", &sent, &err) < 0);
	assert_non_null(strstr(err.text, "missing"));
	programs_run("cc -Wl,--build-id=none -o nameless program.c");
	assert_true(upload("nameless", &sent, &err) < 0);
	assert_non_null(strstr(err.text, "build id"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_sent_once),
		cmocka_unit_test(pieces_are_as_large_as_the_server_takes),
		cmocka_unit_test(in_folders_what_names_nothing_is_passed_over),
		cmocka_unit_test(what_cannot_be_sent_says_why),
	};

	return cmocka_run_group_tests(tests, start, served_debugfiles_stop);
}
