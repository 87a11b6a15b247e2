/* test_source: files, standard input and endpoints, and what is none of these. */
#include "testing.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/credentials.h"
#include "cli/source.h"
#include "model/profile.h"
#include "net/address.h"
#include "net/httpd.h"

static const struct credentials_wish nobody;
static char folder[] = "/tmp/flyover-source-XXXXXX";
static char file[64];

static void put(const char *text)
{
	FILE *out = fopen(file, "w");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static int start(void **state)
{
	if (!mkdtemp(folder))
		return -1;
	snprintf(file, sizeof(file), "%s/p.folded", folder);
	return 0;
}

static int stop(void **state)
{
	unlink(file);
	return rmdir(folder);
}

static void a_file_is_read_in_its_own_format(void **state)
{
	PROFILE_AUTO p = NULL;

	put("a;b 3\nc 4\n");
	assert_int_equal(source_load(file, &nobody, &p, NULL), 0);
	assert_int_equal(profile_total(p, 0), 7);
}

static void several_sources_are_added_up(void **state)
{
	char *const both[] = { file, file, NULL };
	PROFILE_AUTO p = NULL;
	struct err err;

	put("a;b 3\nc 4\n");
	assert_int_equal(source_load_all(both, 2, &nobody, &p, &err), 0);
	assert_int_equal(profile_total(p, 0), 14);
	assert_int_equal(p->n_samples, 2);
}

static void what_cannot_be_read_is_named(void **state)
{
	PROFILE_AUTO p = NULL;
	struct err err;

	assert_int_equal(source_load("/nonexistent/profile", &nobody, &p, &err), ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "/nonexistent/profile"));
	put("\x01\x02 nothing that anybody writes");
	assert_true(source_load(file, &nobody, &p, &err) < 0);
	assert_non_null(strstr(err.text, file));
	assert_null(p);
}

static void serve_profile(void *owner, const struct httpd_request *request, struct httpd_reply *ret)
{
	const char *query = httpd_argument(request, "query");

	if (strcmp(request->path, "/debug/pprof/profile") == 0)
		ret->body = VIEW("main;work 11\n");
	else if (strcmp(request->path, "/api/v1/profile") == 0 &&
		 strcmp(query ? query : "", "cpu{service_name=\"a/b\"}") == 0 &&
		 strcmp(httpd_argument(request, "from"), "now-1h") == 0)
		ret->body = VIEW("main;shop 13\n");
	else
		ret->status = 404;
}

static void servers_have_profiles_and_selections(void **state)
{
	struct address address = { .host = "127.0.0.1" };
	struct httpd_options options = { .handle = serve_profile };
	struct httpd *httpd;
	PROFILE_AUTO p = NULL;
	char source[128];
	uint16_t port;
	bool taken;
	struct err err;

	options.fd = address_listen(&address, &port, &taken, NULL);
	assert_int_equal(httpd_start(&options, &httpd, NULL), 0);
	snprintf(source, sizeof(source), "127.0.0.1:%u", port);
	assert_int_equal(source_load(source, &nobody, &p, &err), 0);
	assert_int_equal(profile_total(p, 0), 11);
	for (int slash = 0; slash < 2; slash++) {
		profile_free(p);
		snprintf(source, sizeof(source), "http://127.0.0.1:%u%s", port, slash ? "/" : "");
		assert_int_equal(source_load(source, &nobody, &p, &err), 0);
		assert_int_equal(profile_total(p, 0), 11);
	}
	profile_free(p);
	snprintf(source, sizeof(source),
		"http://127.0.0.1:%u/cpu{service_name=\"a/b\"}?from=now-1h", port);
	assert_int_equal(source_load(source, &nobody, &p, &err), 0);
	assert_int_equal(profile_total(p, 0), 13);
	snprintf(source, sizeof(source), "http://127.0.0.1:%u/elsewhere?seconds=1", port);
	profile_free(p);
	p = NULL;
	assert_int_equal(source_load(source, &nobody, &p, &err), ERR_NOT_FOUND);
	httpd_stop(httpd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_read_in_its_own_format),
		cmocka_unit_test(several_sources_are_added_up),
		cmocka_unit_test(what_cannot_be_read_is_named),
		cmocka_unit_test(servers_have_profiles_and_selections),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
