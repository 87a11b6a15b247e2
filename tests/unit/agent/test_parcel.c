/* test_parcel: what is packed is a PushRequest with its labels, its profile and an id. */
#include "testing.h"

#include <stdio.h>

#include "agent/parcel.h"
#include "codec/codec.h"
#include "wire/proto.h"

struct seen {
	unsigned series, labels;
	char text[256], id[64];
	struct profile *profile;
};

static struct view field(struct view message, uint32_t id)
{
	struct proto in = proto_of(message);
	struct proto_field f;

	while (proto_next(&in, &f))
		if (f.id == id && f.wire == PROTO_BYTES)
			return f.bytes;
	return VIEW("");
}

static void read_series(struct view series, struct seen *seen)
{
	struct proto in = proto_of(series);
	struct proto_field f;
	size_t len;

	while (proto_next(&in, &f)) {
		if (f.id == 1) {
			struct view name = field(f.bytes, 1), value = field(f.bytes, 2);

			seen->labels++;
			len = strlen(seen->text);
			snprintf(seen->text + len, sizeof(seen->text) - len, "%.*s=%.*s ",
				(int)name.len, name.at, (int)value.len, value.at);
		} else {
			struct view id = field(f.bytes, 2);

			assert_int_equal(f.id, 2);
			assert_int_equal(codec_decode(field(f.bytes, 1), &seen->profile, NULL), 0);
			memcpy(seen->id, id.at, id.len);
			seen->id[id.len] = '\0';
		}
	}
	assert_null(in.wrong);
}

static struct seen read_request(struct view request)
{
	struct proto in = proto_of(request);
	struct proto_field f;
	struct seen seen = { 0 };

	while (proto_next(&in, &f)) {
		assert_int_equal(f.id, 1);
		profile_free(seen.profile);
		seen.text[0] = '\0';
		seen.series++;
		read_series(f.bytes, &seen);
	}
	assert_null(in.wrong);
	return seen;
}

static void a_request_has_all_that_was_added(void **state)
{
	const struct parcel_label labels[] = { { "service_name", VIEW("shop") },
		{ "unit", VIEW("") }, { "pid", VIEW("7") } };
	struct profile *profile = profile_new();
	int64_t value = 42;
	BUF_AUTO out = { 0 };
	struct seen first, second;

	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	profile_add(profile,
		profile_push(profile, STACK_EMPTY, profile_named(profile, VIEW("main"))), 0,
		&value);
	assert_int_equal(parcel_add(&out, &(struct parcel_series){ "process_cpu", labels, 3 },
				 profile, NULL),
		0);
	first = read_request(buf_view(&out));
	assert_int_equal(first.series, 1);
	assert_string_equal(first.text, "__name__=process_cpu service_name=shop pid=7 ");
	assert_int_equal(profile_total(first.profile, 0), 42);
	assert_int_equal(strlen(first.id), 36);
	assert_int_equal(first.id[14], '4');
	assert_int_equal(
		parcel_add(&out, &(struct parcel_series){ "capture", labels, 1 }, profile, NULL),
		0);
	second = read_request(buf_view(&out));
	assert_int_equal(second.series, 2);
	assert_string_equal(second.text, "__name__=capture service_name=shop ");
	assert_string_not_equal(first.id, second.id);
	profile_free(first.profile);
	profile_free(second.profile);
	profile_free(profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_has_all_that_was_added),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
