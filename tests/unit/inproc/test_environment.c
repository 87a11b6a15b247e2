/* test_environment: what the variables do to a process. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "inproc/endpoint.h"
#include "inproc/environment.h"
#include "inproc/label_keys.h"
#include "profiled.h"

static char folder[] = "/tmp/flyover-environment-XXXXXX";

static void a_descendants_file_has_its_pid(void **state)
{
	char name[64], too_short[8];

	assert_int_equal(environment_file("out.pb.gz", true, name, sizeof(name), NULL), 0);
	assert_string_equal(name, "out.pb.gz");
	assert_int_equal(environment_file("out.pb.gz", false, name, sizeof(name), NULL), 0);
	assert_string_equal(name, "out.pb.gz.%p");
	assert_int_equal(environment_file("out-%p.gz", false, name, sizeof(name), NULL), 0);
	assert_string_equal(name, "out-%p.gz");
	assert_int_equal(
		environment_file("out.pb.gz", true, too_short, sizeof(too_short), NULL), ERR_LIMIT);
}

static void a_folder_that_is_not_there_is_told_at_once(void **state)
{
	char name[64];
	struct err err;

	assert_int_equal(environment_file("/nosuch/out.pb.gz", true, name, sizeof(name), &err),
		ERR_NOT_FOUND);
	assert_string_equal(err.text,
		"no profile can be written to /nosuch/out.pb.gz: No such file or directory");
	assert_string_equal(name, "");
	assert_int_equal(environment_file("/tmp/out", true, name, sizeof(name), &err), 0);
	assert_int_equal(environment_file("/dev/null", true, name, sizeof(name), &err), 0);
	assert_int_equal(environment_file("/nosuch-%p/out", true, name, sizeof(name), &err), 0);
}

static void nothing_asked_for_is_nothing_done(void **state)
{
	assert_int_equal(environment_begin(NULL), 0);
	assert_false(endpoint_is_open());
	assert_null(getenv("FLYOVER_PARENT"));
	environment_end();
}

static void profile_and_endpoint_begin_and_end(void **state)
{
	char path[128];
	BUF_AUTO bytes = { 0 };
	struct profile *p;
	struct err err;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/cpu.pb.gz", folder);
	setenv("FLYOVER_CPUPROFILE", path, 1);
	setenv("FLYOVER_HTTP", "127.0.0.1:0", 1);
	setenv("FLYOVER_LABELS", "service_name=me", 1);
	setenv("FLYOVER_HZ", "50", 1);
	if (environment_begin(&err) < 0)
		fail_msg("%s", err.text);
	assert_true(endpoint_port() > 0);
	PROFILED_BURN(0.3);
	environment_end();
	assert_false(endpoint_is_open());
	assert_int_equal(disk_read(path, (size_t)1 << 24, &bytes, NULL), 0);
	p = profiled_decode(buf_view(&bytes));
	assert_int_equal(p->period, 20000000);
	assert_true(profiled_labelled(p, "service_name", "me") > 0);
	profile_free(p);
	unlink(path);
	rmdir(folder);
}

static void what_is_wrong_is_said(void **state)
{
	struct err err;

	setenv("FLYOVER_HZ", "many", 1);
	assert_int_equal(environment_begin(&err), ERR_USAGE);
	assert_string_equal(err.text, "FLYOVER_HZ=many is no number from 1 to 1000");
	environment_end();
	setenv("FLYOVER_PARENT", "1", 1); /* then another has said so */
	assert_int_equal(environment_begin(&err), 0);
	environment_end();
}

static void the_kernels_frames_are_for_all_profiles(void **state)
{
	char path[128];
	BUF_AUTO bytes = { 0 };
	struct profile *p;
	struct err err;
	bool said = false;

	unsetenv("FLYOVER_PARENT");
	unsetenv("FLYOVER_HTTP");
	unsetenv("FLYOVER_CPUPROFILE");
	unsetenv("FLYOVER_HZ");
	setenv("FLYOVER_KERNEL", "yes", 1);
	assert_int_equal(environment_begin(&err), ERR_USAGE);
	assert_string_equal(err.text, "FLYOVER_KERNEL=yes is neither 0 nor 1");
	environment_end();
	snprintf(path, sizeof(path), "/tmp/test_environment.%d", (int)getpid());
	setenv("FLYOVER_CPUPROFILE", path, 1);
	setenv("FLYOVER_KERNEL", "1", 1);
	unsetenv("FLYOVER_PARENT");
	if (environment_begin(&err) < 0)
		fail_msg("%s", err.text);
	environment_end();
	assert_int_equal(disk_read(path, (size_t)1 << 24, &bytes, NULL), 0);
	p = profiled_decode(buf_view(&bytes));
	for (size_t i = 0; i < p->n_comments; i++)
		said |= view_starts(profile_text(p, p->comments[i]), VIEW("flyover.kernel "));
	assert_true(said);
	profile_free(p);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_descendants_file_has_its_pid),
		cmocka_unit_test(a_folder_that_is_not_there_is_told_at_once),
		cmocka_unit_test(nothing_asked_for_is_nothing_done),
		cmocka_unit_test(profile_and_endpoint_begin_and_end),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(the_kernels_frames_are_for_all_profiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
