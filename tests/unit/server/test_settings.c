/* test_settings: the file's words become the server's, and mistakes have their line. */
#include "testing.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "server/settings.h"

static char path[] = "/tmp/flyover-settings-XXXXXX";

static int start(void **state)
{
	int fd = mkstemp(path);

	return fd < 0 ? -1 : close(fd);
}

static int stop(void **state)
{
	return unlink(path);
}

static int read_file(struct settings *settings, const char *text, struct err *err)
{
	assert_int_equal(disk_write(path, view_of(text), NULL), 0);
	return settings_read(settings, path, err);
}

#define BCRYPT "$2b$04$CwTycUXWue0Thq9StjUM0uxy8Hlst8aYI.52naLeiJXJXw7hso2TW"

static void a_file_says_it_all(void **state)
{
	struct settings settings;
	struct auth *auth;
	struct err err = { 0 };
	BUF_AUTO text = { 0 };

	if (read_file(&settings,
		    "listen: 0.0.0.0:4040\n"
		    "data: /var/lib/flyover\n"
		    "log: {level: warn, format: json}\n"
		    "memory: 1GB\ndisk_reserve: 1GB\n"
		    "query: {timeout: 5s, memory: 64MB, memory_total: 256MB}\n"
		    "debuginfo: {folder: /srv/debug, bytes: 20GB, file_bytes: 1GB, timeout: "
		    "20s}\n"
		    "retention: {days: 0, bytes: 200GB, tenants: [{tenant: t, days: 3}]}\n"
		    "limits: {samples: 1000, body_bytes: 32MB}\n"
		    "users:\n- {name: ada, secret: '" BCRYPT "', scopes: [query, admin]}\n"
		    "scrape_configs:\n- job_name: shop\n  static_configs: [{targets: ['a:1']}]\n",
		    &err))
		fail_msg("%s", err.text);
	assert_string_equal(settings.listen, "0.0.0.0:4040");
	assert_string_equal(settings.log.format, "json");
	assert_int_equal(settings.memory, 1 << 30);
	assert_int_equal(settings.query.timeout_ns, INT64_C(5000000000));
	assert_string_equal(settings.debuginfo.folder, "/srv/debug");
	assert_int_equal(settings.debuginfo.bytes, UINT64_C(20) << 30);
	assert_int_equal(settings.debuginfo.timeout_ns, INT64_C(20000000000));
	assert_int_equal(settings.query.memory, 64 << 20);
	assert_int_equal(settings.query.memory_total, 256 << 20);
	assert_int_equal(settings.retention.days, 0);
	assert_int_equal(settings.retention.bytes, 200ULL << 30);
	assert_int_equal(settings.retention.tenants.n, 1);
	assert_int_equal(settings.limits.samples, 1000);
	assert_int_equal(settings.limits.body_bytes, 32 << 20);
	assert_int_equal(settings.limits.depth, 1024);
	assert_int_equal(settings.scrape_configs.n, 1);
	assert_int_equal(settings_auth(&settings, &auth, NULL), 0);
	assert_non_null(auth);
	auth_free(auth);
	settings_print(&settings, &text);
	buf_add_char(&text, '\0');
	assert_non_null(strstr(text.at, "  body_bytes: 32MB\n"));
	assert_non_null(strstr(text.at, "name: \"ada\""));
	assert_null(strstr(text.at, BCRYPT));
	settings_fini(&settings);
}

static void no_file_is_the_defaults(void **state)
{
	struct settings settings;
	struct auth *auth;

	assert_int_equal(settings_read(&settings, NULL, NULL), 0);
	assert_int_equal(settings.limits.samples, 250000);
	assert_int_equal(settings.memory, 512 << 20);
	assert_int_equal(settings.query.timeout_ns, INT64_C(30000000000));
	assert_int_equal(settings.retention.days, 30);
	assert_null(settings.listen);
	assert_int_equal(settings_auth(&settings, &auth, NULL), 0);
	assert_null(auth);
	settings_fini(&settings);
}

static void refuses(const char *text, const char *part)
{
	struct settings settings;
	struct err err = { 0 };

	assert_true(read_file(&settings, text, &err) < 0);
	if (!strstr(err.text, part))
		fail_msg("\"%s\" without \"%s\"", err.text, part);
	settings_fini(&settings);
}

static void mistakes_have_their_line(void **state)
{
	refuses("lisen: x\n",
		":1: there is no 'lisen' here; there are: listen, listen_grpc, allow_remote");
	refuses("limits:\n  samples: 0\n", ":2: samples is 1 to 16777216, not 0");
	refuses("memory: 1MB\n", ":1: memory is ");
	refuses("debuginfo: {debuginfod: [ftp://a]}\n", "debuginfo.debuginfod");
	refuses("source_roots: [src]\n", "source_roots takes FOLDER or PREFIX=FOLDER");
	refuses("source_roots: [/nowhere/at/all]\n", "/nowhere/at/all: No such file");
	refuses("query: {timeout: 2h}\n", ":1: ");
	refuses("query: {memory: 1KB}\n", ":1: ");
	refuses("retention:\n  tenants:\n  - {tenant: a}\n", "'days' has to be given");
	refuses("tls: {cert_file: x}\n", ":1: 'key_file' has to be given here");
	refuses("tokens:\n- {name: a, secret: x, scopes: [ingest]}\n", "the token of 'a'");
	refuses("users:\n- {name: a, secret: '" BCRYPT "', scopes: [root]}\n",
		"line 2: 'root' is no scope");
	refuses("scrape_configs:\n- job_name: a\n", "line 2: job 'a' has no targets");
}

static void a_file_that_is_gone_is_said(void **state)
{
	struct settings settings;
	struct err err = { 0 };

	assert_int_equal(settings_read(&settings, "/nonexistent.yml", &err), ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "/nonexistent.yml"));
	settings_fini(&settings);
}

static void the_program_is_part_of_the_memory(void **state)
{
	struct settings settings = { .memory = (uint64_t)512 << 20 };

	assert_int_equal(settings_memory_to_share(&settings), (uint64_t)480 << 20);
	settings.memory = (uint64_t)16 << 20;
	assert_int_equal(settings_memory_to_share(&settings), (uint64_t)12 << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_program_is_part_of_the_memory),
		cmocka_unit_test(a_file_says_it_all),
		cmocka_unit_test(no_file_is_the_defaults),
		cmocka_unit_test(mistakes_have_their_line),
		cmocka_unit_test(a_file_that_is_gone_is_said),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
