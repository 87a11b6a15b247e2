/* test_unpack: bytes as profiles, within limits. */
#include "testing.h"

#include "ingest/ingest_samples.h"
#include "ingest/unpack.h"
#include "wire/gzip.h"
#include "wire/proto.h"

static struct limits limits;

static int start(void **state)
{
	limits_defaults(&limits);
	return 0;
}

static unsigned refused(struct view bytes, const char *format, const char *words)
{
	struct unpacked unpacked;
	struct refusal refusal = { 0 };
	struct unpack_packed packed = { bytes, view_of(format), NULL };

	assert_true(unpack_profile(&packed, &limits, &unpacked, &refusal) < 0);
	assert_null(unpacked.profile);
	assert_non_null(strstr(refusal.text, words));
	return refusal.status;
}

static void every_format_is_read(void **state)
{
	BUF_AUTO pprof = { 0 };
	const struct {
		struct view bytes;
		const char *format;
	} cases[] = { { VIEW("main;work 3\n"), "folded" }, { VIEW("main;work 3\n"), "" },
		{ VIEW("main;work\nmain;work\nmain;work"), "lines" },
		{ VIEW("\0\0\1\4main\0\1\4work\3\0"), "tree" },
		{ VIEW("\0\0\1\11main;work\3\0"), "trie" } };

	cpu_pprof(SECOND_NS, &pprof);
	for (size_t i = 0; i <= sizeof(cases) / sizeof(cases[0]); i++) {
		bool is_last = i == sizeof(cases) / sizeof(cases[0]);
		struct unpacked unpacked;
		struct refusal refusal = { 0 };
		struct unpack_packed packed = { is_last ? buf_view(&pprof) : cases[i].bytes,
			is_last ? VIEW("") : view_of(cases[i].format), NULL };

		assert_int_equal(unpack_profile(&packed, &limits, &unpacked, &refusal), 0);
		assert_int_equal(value_at(unpacked.profile, "main;work"), 3);
		profile_free(unpacked.profile);
	}
}

static void formats_that_nobody_reads_are_told(void **state)
{
	assert_int_equal(refused(VIEW("x"), "perfetto", "'perfetto' is not one"), 400);
	assert_int_equal(refused(VIEW(""), "", "empty"), 400);
	assert_int_equal(refused(VIEW("\0\1\2"), "", "not a profile"), 400);
	assert_int_equal(refused(VIEW("junk"), "pprof", ""), 400);
}

static void bombs_are_refused_before_they_burst(void **state)
{
	BUF_AUTO zeros = { 0 };
	BUF_AUTO packed = { 0 };
	BUF_AUTO twice = { 0 };

	memset(buf_reserve(&zeros, 8 << 20), ' ', 8 << 20);
	zeros.len = 8 << 20;
	assert_int_equal(gzip_deflate(buf_view(&zeros), 9, &packed, NULL), 0);
	assert_int_equal(refused(buf_view(&packed), "folded", "unpack_ratio"), 413);
	limits.unpack_ratio = 2000;
	limits.unpacked_bytes = 1 << 20;
	assert_int_equal(refused(buf_view(&packed), "folded", "limits.unpacked_bytes"), 413);
	/* Members one after another are counted together. */
	limits.unpacked_bytes = 12 << 20;
	buf_add_view(&twice, buf_view(&packed));
	buf_add_view(&twice, buf_view(&packed));
	assert_int_equal(refused(buf_view(&twice), "folded", "limits.unpacked_bytes"), 413);
	limits.unpacked_bytes = 100;
	assert_int_equal(
		refused((struct view){ zeros.at, 101 }, "folded", "a profile of 101 bytes"), 413);
	limits_defaults(&limits);
}

static void too_many_samples_are_refused_before_memory_is_taken(void **state)
{
	BUF_AUTO bytes = { 0 };

	limits.samples = 100;
	for (int i = 0; i < 101; i++)
		proto_put_bytes(&bytes, 2, VIEW(""));
	assert_int_equal(refused(buf_view(&bytes), "pprof",
				 "101 samples in a profile; the limit is 100 (limits.samples)"),
		422);
	buf_clear(&bytes);
	limits.strings = 10;
	for (int i = 0; i < 11; i++)
		proto_put_bytes(&bytes, 6, VIEW(""));
	assert_int_equal(refused(buf_view(&bytes), "pprof", "limits.strings"), 422);
	buf_clear(&bytes);
	for (int i = 0; i < 101; i++)
		buf_add_format(&bytes, "f%d 1\n", i);
	assert_int_equal(refused(buf_view(&bytes), "folded", "limits.samples"), 422);
	limits_defaults(&limits);
}

static void deep_stacks_keep_their_roots(void **state)
{
	struct unpacked unpacked;
	struct refusal refusal = { 0 };
	struct unpack_packed packed = { VIEW("a;b;c;d;e 2\na;b;c;d 5\na;b;c;x;y;z 1\n"),
		VIEW("folded"), NULL };

	limits.depth = 4;
	assert_int_equal(unpack_profile(&packed, &limits, &unpacked, &refusal), 0);
	assert_int_equal(unpacked.n_cut, 2);
	assert_int_equal(value_at(unpacked.profile, "a;b;c;[truncated]"), 3);
	assert_int_equal(value_at(unpacked.profile, "a;b;c;d"), 5);
	profile_free(unpacked.profile);
	limits_defaults(&limits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_is_read),
		cmocka_unit_test(formats_that_nobody_reads_are_told),
		cmocka_unit_test(bombs_are_refused_before_they_burst),
		cmocka_unit_test(too_many_samples_are_refused_before_memory_is_taken),
		cmocka_unit_test(deep_stacks_keep_their_roots),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
