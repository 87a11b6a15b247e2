/* test_pull: a live endpoint's profiles reach the store, each kind with its own types. */
#include "testing.h"

#include <stdio.h>
#include <unistd.h>

#include "codec/codec.h"
#include "net/address.h"
#include "net/httpd.h"
#include "server/pull.h"
#include "store/store_mem.h"

static uint16_t port;
static struct httpd *httpd;

static void add_types(struct profile *profile, const char *const (*types)[2], size_t n)
{
	int64_t values[4] = { 1, 2, 3, 4 };

	for (size_t i = 0; i < n; i++)
		profile_add_type(profile, view_of(types[i][0]), view_of(types[i][1]), NULL);
	profile_add(profile,
		profile_push(profile, STACK_EMPTY, profile_named(profile, VIEW("main"))), 0,
		values);
}

static void handle(void *owner, const struct httpd_request *request, struct httpd_reply *ret)
{
	static const char *const MEMORY[][2] = { { "alloc_objects", "count" },
		{ "alloc_space", "bytes" }, { "inuse_objects", "count" },
		{ "inuse_space", "bytes" } };
	static const char *const CPU[][2] = { { "samples", "count" }, { "cpu", "nanoseconds" } };
	struct profile *profile = profile_new();

	if (strstr(request->path, "heap") || strstr(request->path, "allocs"))
		add_types(profile, MEMORY, 4);
	else
		add_types(profile, CPU, 2);
	codec_pprof.encode(profile, &ret->made, NULL);
	profile_free(profile);
}

static int start(void **state)
{
	struct address address = { .host = "127.0.0.1" };
	struct httpd_options options = { .handle = handle };
	bool taken;

	options.fd = address_listen(&address, &port, &taken, NULL);
	return options.fd < 0 ? -1 : httpd_start(&options, &httpd, NULL);
}

static int stop(void **state)
{
	httpd_stop(httpd);
	return 0;
}

static int on_type(void *owner, const struct store_type *type)
{
	buf_add_format(owner, "%.*s:%.*s ", (int)type->name.len, type->name.at, (int)type->type.len,
		type->type.at);
	return 0;
}

static void await_profiles(struct store *store, uint64_t n)
{
	struct store_figures figures = { 0 };

	for (int i = 0; i < 1000 && figures.profiles < n; i++) {
		usleep(10000);
		store_figures(store, &figures);
	}
	assert_true(figures.profiles >= n);
}

static struct scrape_job job_of(struct scrape_static *targets)
{
	struct scrape_job job = *(const struct scrape_job *)scrape_job_conf.defaults;

	job.job_name = "shop";
	job.scrape_interval = 100000000;
	job.scrape_timeout = 5000000000;
	job.static_configs = (struct conf_list){ targets, 1 };
	job.profiling_config.pprof_config.block.enabled = false;
	job.profiling_config.pprof_config.mutex.enabled = false;
	job.profiling_config.pprof_config.goroutine.enabled = false;
	return job;
}

static void profiles_reach_the_store(void **state)
{
	char address[32];
	const char *addresses[] = { address };
	struct scrape_static targets = { { addresses, 1 }, { NULL, 0 } };
	struct scrape_job job = job_of(&targets);
	struct limits limits;
	struct store *store;
	struct pull *pull;
	struct pull_options options = { .jobs = &job, .n_jobs = 1 };
	struct store_select all = { .to_ns = INT64_MAX };
	BUF_AUTO types = { 0 };

	snprintf(address, sizeof(address), "127.0.0.1:%u", port);
	limits_defaults(&limits);
	assert_int_equal(store_mem_open(&store, NULL), 0);
	options.intake = intake_new(store, &limits);
	assert_int_equal(pull_start(&options, &pull, NULL), 0);
	await_profiles(store, 6);
	assert_int_equal(pull_replace(pull, &job, 1, NULL), 0);
	await_profiles(store, 12);
	pull_stop(pull);
	assert_int_equal(store_find_types(store, &all, on_type, &types, NULL), 0);
	buf_add_char(&types, '\0');
	assert_non_null(strstr(types.at, "process_cpu:cpu "));
	assert_non_null(strstr(types.at, "memory:inuse_space "));
	assert_non_null(strstr(types.at, "memory:alloc_space "));
	intake_free(options.intake);
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(profiles_reach_the_store),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
