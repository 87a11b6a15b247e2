/* test_pprof_go: what Go's runtime writes reads the same to Go's tool after it went through us. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "codec/codec.h"
#include "model/profile.h"

#define FILE_MAX ((size_t)16 << 20)
#define SKIPPED 77

static const char *const names[] = { "cpu", "heap", "allocs", "block", "mutex", "goroutine" };
static char folder[] = "/tmp/flyover-test-XXXXXX";

static void run(const char *format, const char *program)
{
	char command[1024];

	snprintf(command, sizeof(command), format, folder, program, folder);
	if (system(command) != 0)
		fail_msg("failed: %s", command);
}

/* Every line of what pprof says the file holds. */
static void tell(const char *name, struct buf *ret)
{
	char command[512], path[256];

	snprintf(path, sizeof(path), "%s/%s.raw", folder, name);
	snprintf(command, sizeof(command),
		"PPROF_TMPDIR=%s go tool pprof -symbolize=none -raw %s/%s.pb.gz >%s 2>/dev/null",
		folder, folder, name, path);
	assert_int_equal(system(command), 0);
	assert_int_equal(disk_read(path, FILE_MAX, ret, NULL), 0);
	assert_true(ret->len > 200);
}

static void through_us(const char *name)
{
	char path[256], out_path[256];
	BUF_AUTO in = { 0 };
	BUF_AUTO out = { 0 };
	PROFILE_AUTO p = NULL;
	struct err err = { 0 };

	snprintf(path, sizeof(path), "%s/%s.pb.gz", folder, name);
	snprintf(out_path, sizeof(out_path), "%s/%s-again.pb.gz", folder, name);
	assert_int_equal(disk_read(path, FILE_MAX, &in, &err), 0);
	if (codec_decode(buf_view(&in), &p, &err) < 0)
		fail_msg("%s: %s", name, err.text);
	assert_int_equal(codec_pprof.encode(p, &out, &err), 0);
	assert_int_equal(disk_write(out_path, buf_view(&out), &err), 0);
}

static void every_profile_of_a_go_program_survives(void **state)
{
	run("HOME=${HOME:-%s} go run %s %s", GO_PROFILES);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		BUF_AUTO before = { 0 };
		BUF_AUTO after = { 0 };
		char again[64];

		through_us(names[i]);
		snprintf(again, sizeof(again), "%s-again", names[i]);
		tell(names[i], &before);
		tell(again, &after);
		if (!view_equal(buf_view(&before), buf_view(&after)))
			fail_msg("%s: see %s/*.raw", names[i], folder);
	}
	run("rm -rf %s", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_profile_of_a_go_program_survives),
	};

	if (system("go version >/dev/null 2>&1") != 0) {
		puts("skipped: no go tool here");
		return SKIPPED;
	}
	if (!mkdtemp(folder))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
