/* test_profilekind: what profiles are called. */
#include "testing.h"

#include "ingest/ingest_samples.h"
#include "ingest/profilekind.h"

static void suffixes_have_kinds(void **state)
{
	assert_string_equal(profilekind_of_suffix(VIEW("itimer"))->name, "process_cpu");
	assert_string_equal(profilekind_of_suffix(VIEW("alloc_space"))->unit, "bytes");
	assert_string_equal(profilekind_of_suffix(VIEW("lock_duration"))->name, "block");
	assert_string_equal(profilekind_of_suffix(VIEW("mutex_count"))->type, "contentions");
	assert_null(profilekind_of_suffix(VIEW("service")));
	assert_string_equal(profilekind_of_units(VIEW("objects"))->type, "inuse_objects");
	assert_string_equal(profilekind_of_units(VIEW(""))->name, "process_cpu");
}

static void ticks_become_time(void **state)
{
	PROFILE_AUTO profile = profile_new();

	assert_int_equal(codec_folded.decode(VIEW("main 3\n"), profile, NULL), 0);
	profilekind_apply(profilekind_of_suffix(VIEW("cpu")), 100, profile);
	assert_int_equal(profile->values[0], 30000000);
	assert_int_equal(profile->period, 10000000);
	assert_view_equal(profile_text(profile, profile->types[0].type), "cpu");
	assert_view_equal(profile_text(profile, profile->period_type.unit), "nanoseconds");
}

static void name_is(const char *first, const char *second, const char *name)
{
	PROFILE_AUTO profile = profile_new();

	profile_add_type(profile, view_of(first), VIEW("x"), NULL);
	profile_add_type(profile, view_of(second), VIEW("x"), NULL);
	assert_view_equal(profilekind_name(profile), name);
}

static void pprof_is_named_by_its_types(void **state)
{
	name_is("samples", "cpu", "process_cpu");
	name_is("cpu", "wall", "wall");
	name_is("inuse_objects", "inuse_space", "memory");
	name_is("objects", "space", "memory");
	name_is("contentions", "delay", "mutex");
	name_is("goroutine", "goroutines", "goroutine");
	name_is("samples", "whatever", "process_cpu");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(suffixes_have_kinds),
		cmocka_unit_test(ticks_become_time),
		cmocka_unit_test(pprof_is_named_by_its_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
