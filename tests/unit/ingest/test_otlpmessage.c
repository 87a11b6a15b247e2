/* test_otlpmessage: what OpenTelemetry's senders send, as profiles of series. */
#include "testing.h"

#include "base/clock.h"
#include "codec/otlp_message.h"
#include "ingest/otlpmessage.h"

#define DAY_S INT64_C(86400)
#define SECOND_NS INT64_C(1000000000)

static struct limits limits;
static struct intake_batch batch;
static struct refusal refusal;
static struct otlpmessage_rejected rejected;

static int start(void **state)
{
	limits_defaults(&limits);
	return 0;
}

static int clean(void **state)
{
	intake_batch_fini(&batch);
	refusal = (struct refusal){ 0 };
	rejected = (struct otlpmessage_rejected){ 0 };
	limits_defaults(&limits);
	return 0;
}

static int read(struct buf *message)
{
	return otlpmessage_proto(buf_view(message), &limits, &batch, &rejected, &refusal);
}

/* A profile of one sample; strings of the dictionary begin with "". */
struct spec {
	uint64_t type, unit, period_type, period_unit, period, time_s;
	uint64_t attribute; /* of the sample */
};

static void put_numbers(struct buf *out, uint32_t id, uint64_t first, uint64_t second)
{
	size_t begun = proto_begin(out, id);

	proto_put_number(out, 1, first);
	proto_put_number(out, 2, second);
	proto_end(out, begun);
}

static void put_fixed(struct buf *out, uint32_t id, uint64_t number)
{
	proto_put_varint(out, id << 3 | 1);
	buf_add(out, &number, sizeof(number));
}

static void put_profile(struct buf *out, const struct spec *spec)
{
	size_t p = proto_begin(out, OTLP_PROFILES), s;

	put_numbers(out, OTLP_PROFILE_TYPE, spec->type, spec->unit);
	put_numbers(out, OTLP_PROFILE_PERIOD_TYPE, spec->period_type, spec->period_unit);
	proto_put_number(out, OTLP_PROFILE_PERIOD, spec->period);
	put_fixed(out, OTLP_PROFILE_TIME, spec->time_s * 1000000000);
	s = proto_begin(out, OTLP_PROFILE_SAMPLES);
	put_packed(out, OTLP_SAMPLE_VALUES, 1, (uint64_t[]){ 3 });
	if (spec->attribute)
		put_packed(out, OTLP_SAMPLE_ATTRIBUTES, 1, &spec->attribute);
	proto_end(out, s);
	proto_end(out, p);
}

enum { SAMPLES = 1, COUNT, CPU, NANOSECONDS, OFF_CPU, EVENTS, SERVICE, TILL };

static void put_specs(struct buf *out, const struct spec *specs, size_t n)
{
	static const char *const strings[] = { "", "samples", "count", "cpu", "nanoseconds",
		"off_cpu", "events", "service.name", "till" };
	size_t r = proto_begin(out, OTLP_RESOURCE_PROFILES), s, a, v;

	s = proto_begin(out, OTLP_SCOPE_PROFILES);
	for (size_t i = 0; i < n; i++)
		put_profile(out, &specs[i]);
	proto_end(out, s);
	proto_end(out, r);
	r = proto_begin(out, OTLP_DICTIONARY);
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		put(out, OTLP_STRINGS, strings[i]);
	put(out, OTLP_ATTRIBUTES, "");
	a = proto_begin(out, OTLP_ATTRIBUTES);
	proto_put_number(out, OTLP_KEY, SERVICE);
	v = proto_begin(out, OTLP_VALUE);
	proto_put_number(out, OTLP_ANY_STRING, TILL);
	proto_end(out, v);
	proto_end(out, a);
	proto_end(out, r);
}

static uint64_t now_s(void)
{
	return clock_realtime_ns() / 1000000000;
}

static void both_layouts_are_one_profile_of_the_service(void **state)
{
	for (int is_old = 0; is_old < 2; is_old++) {
		BUF_AUTO sample = { 0 };
		BUF_AUTO message = { 0 };

		put_sample(&sample, is_old);
		put_message(&message, &sample, 1);
		assert_int_equal(read(&message), 0);
		assert_int_equal(batch.n, 1 + is_old);
		assert_view_equal(batch.at[is_old].name, "process_cpu");
		assert_view_equal(labelset_find(&batch.at[is_old].labels, "service_name"), "shop");
		assert_int_equal(profile_total(batch.at[is_old].profile, 0), 30);
		assert_memory_equal(&batch.at[is_old].id, "0123456789abcdef", 16);
		assert_true(batch.at[is_old].samples_count_more);
	}
	assert_int_equal(rejected.profiles, 0);
}

static void json_is_the_same(void **state)
{
	BUF_AUTO sample = { 0 };
	BUF_AUTO message = { 0 };
	BUF_AUTO text = { 0 };

	put_sample(&sample, false);
	put_message(&message, &sample, 1);
	assert_int_equal(otlp_json_write(buf_view(&message), &text, NULL), 0);
	assert_int_equal(
		otlpmessage_json(buf_view(&text), &limits, &batch, &rejected, &refusal), 0);
	assert_int_equal(batch.n, 1);
	assert_int_equal(profile_total(batch.at[0].profile, 0), 30);
	assert_true(otlpmessage_json(VIEW(""), &limits, &batch, &rejected, &refusal) < 0);
	assert_int_equal(refusal.status, 400);
	assert_true(otlpmessage_json(VIEW("[1]"), &limits, &batch, &rejected, &refusal) < 0);
	assert_int_equal(refusal.status, 400);
}

static void ticks_become_time_unless_the_time_is_there(void **state)
{
	struct spec specs[] = {
		{ SAMPLES, COUNT, CPU, NANOSECONDS, 50, now_s(), 0 },
		{ CPU, NANOSECONDS, CPU, NANOSECONDS, 50, now_s() - 1, 0 },
		{ SAMPLES, COUNT, CPU, NANOSECONDS, 50, 0, 0 },
	};
	BUF_AUTO message = { 0 };

	specs[2].time_s = specs[1].time_s;
	put_specs(&message, specs, 3);
	assert_int_equal(read(&message), 0);
	assert_int_equal(batch.n, 3);
	assert_int_equal(profile_total(batch.at[0].profile, 0), 150);
	assert_view_equal(
		profile_text(batch.at[0].profile, batch.at[0].profile->types[0].type), "cpu");
	assert_int_equal(profile_total(batch.at[2].profile, 0), 3);
	for (int i = 0; i < 3; i++)
		assert_view_equal(batch.at[i].name, "process_cpu");
	assert_memory_not_equal(&batch.at[0].id, &batch.at[1].id, sizeof(batch.at[0].id));
}

static void other_types_are_their_own_names(void **state)
{
	struct spec specs[] = { { OFF_CPU, NANOSECONDS, 0, 0, 0, now_s(), 0 },
		{ EVENTS, COUNT, 0, 0, 0, now_s(), 0 } };
	BUF_AUTO message = { 0 };

	put_specs(&message, specs, 2);
	assert_int_equal(read(&message), 0);
	assert_view_equal(batch.at[0].name, "off_cpu");
	assert_view_equal(batch.at[1].name, "events");
	assert_view_equal(labelset_find(&batch.at[0].labels, "service_name"), "unknown_service");
}

static void one_that_is_too_old_is_left_out_and_told(void **state)
{
	struct spec specs[] = { { OFF_CPU, NANOSECONDS, 0, 0, 0, 0, 0 },
		{ EVENTS, COUNT, 0, 0, 0, now_s(), 1 } };
	BUF_AUTO message = { 0 };
	BUF_AUTO old = { 0 };

	specs[0].time_s = now_s() - 30 * DAY_S;
	put_specs(&message, specs, 2);
	assert_int_equal(read(&message), 0);
	assert_int_equal(batch.n, 1);
	assert_view_equal(batch.at[0].name, "events");
	assert_int_equal(rejected.profiles, 1);
	assert_non_null(strstr(rejected.first.text, "limits.age_seconds"));
	intake_batch_fini(&batch);
	put_specs(&old, specs, 1);
	assert_true(read(&old) < 0);
	assert_int_equal(refusal.status, 422);
	assert_non_null(strstr(refusal.text, "limits.age_seconds"));
}

static void refused(struct buf *message, unsigned status, const char *words)
{
	assert_true(read(message) < 0);
	assert_int_equal(refusal.status, status);
	assert_non_null(strstr(refusal.text, words));
	refusal = (struct refusal){ 0 };
	intake_batch_fini(&batch);
}

static void a_message_outside_a_limit_is_refused_as_a_whole(void **state)
{
	struct spec specs[3] = { { EVENTS, COUNT, 0, 0, 0, now_s(), 0 } };
	BUF_AUTO message = { 0 };
	BUF_AUTO broken = { 0 };
	BUF_AUTO sample = { 0 };
	BUF_AUTO deep = { 0 };

	specs[1] = specs[2] = specs[0];
	put_specs(&message, specs, 3);
	limits.profiles = 2;
	refused(&message, 413, "limits.profiles");
	limits.profiles = 1000;
	limits.samples = 2;
	refused(&message, 422, "limits.samples");
	limits.samples = 1000;
	limits.strings = 3;
	refused(&message, 422, "limits.strings");
	limits.strings = 1000;
	put_sample(&sample, false);
	put_message(&deep, &sample, 1);
	limits.frames = 1;
	refused(&deep, 422, "limits.frames");
	limits.frames = 2; /* which its stack has, and the profile's root makes three */
	refused(&deep, 422, "frames in the profiles of a request (limits.frames)");
	buf_add_text(&broken, "\x0a\xff");
	refused(&broken, 400, "at byte");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(both_layouts_are_one_profile_of_the_service, clean),
		cmocka_unit_test_teardown(json_is_the_same, clean),
		cmocka_unit_test_teardown(ticks_become_time_unless_the_time_is_there, clean),
		cmocka_unit_test_teardown(other_types_are_their_own_names, clean),
		cmocka_unit_test_teardown(one_that_is_too_old_is_left_out_and_told, clean),
		cmocka_unit_test_teardown(a_message_outside_a_limit_is_refused_as_a_whole, clean),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
