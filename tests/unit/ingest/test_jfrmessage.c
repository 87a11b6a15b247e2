/* test_jfrmessage: a recording through its limits, and as /ingest has it. */
#include "testing.h"

#include "codec/jfr_made_end.h"
#include "codec/jfr_named.h"
#include "ingest/direct.h"
#include "ingest/jfrmessage.h"
#include "ingest/legacy.h"
#include "wire/gzip.h"

static struct limits limits;
static struct intake_batch batch;
static struct refusal refusal;

static int start(void **state)
{
	limits_defaults(&limits);
	return 0;
}

static int clean(void **state)
{
	intake_batch_fini(&batch);
	refusal = (struct refusal){ 0 };
	limits_defaults(&limits);
	return 0;
}

static void part(struct buf *form, const char *name, struct view body)
{
	buf_add_format(form,
		"--b\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n\r\n", name,
		name);
	buf_add_view(form, body);
	buf_add_text(form, "\r\n");
}

static void a_form_has_a_recording_and_its_labels(void **state)
{
	struct legacy_request request = { .name = VIEW("till{region=eu}"),
		.format = VIEW("jfr"),
		.spy = VIEW("javaspy"),
		.content_type = VIEW("multipart/form-data; boundary=b"),
		.now_ns = INT64_C(1700000001000000000) };
	BUF_AUTO recording = { 0 };
	BUF_AUTO zipped = { 0 };
	BUF_AUTO names = { 0 };
	BUF_AUTO form = { 0 };

	jfr_made(&recording);
	jfr_named(&names);
	assert_int_equal(gzip_deflate(buf_view(&recording), 6, &zipped, NULL), 0);
	part(&form, "jfr", buf_view(&zipped));
	part(&form, "labels", buf_view(&names));
	buf_add_text(&form, "--b--\r\n");
	request.body = buf_view(&form);
	assert_int_equal(legacy_read(&request, &limits, &batch, &refusal), 0);
	assert_int_equal(batch.n, 3);
	assert_int_equal(batch.bytes, recording.len + names.len);
	assert_view_equal(batch.at[0].name, "process_cpu");
	assert_view_equal(batch.at[1].name, "memory");
	assert_view_equal(batch.at[2].name, "mutex");
	for (size_t i = 0; i < 3; i++) {
		assert_view_equal(labelset_find(&batch.at[i].labels, "service_name"), "till");
		assert_view_equal(labelset_find(&batch.at[i].labels, "region"), "eu");
		assert_view_equal(labelset_find(&batch.at[i].labels, "pyroscope_spy"), "javaspy");
	}
	assert_int_equal(batch.at[0].profile->n_labels, 2);
}

static void by_hand_it_is_known_by_its_bytes(void **state)
{
	struct labelset labels;
	struct direct_request request = { .service = VIEW("till"), .labels = &labels };
	BUF_AUTO recording = { 0 };
	BUF_AUTO zipped = { 0 };

	labelset_init(&labels, &batch.arena);
	jfr_made(&recording);
	request.body = buf_view(&recording);
	assert_int_equal(direct_read(&request, &limits, &batch, &refusal), 0);
	assert_int_equal(batch.n, 3);
	assert_int_equal(batch.at[0].profile->time_ns, 1700000000000000000);
	assert_int_equal(gzip_deflate(buf_view(&recording), 6, &zipped, NULL), 0);
	request.body = buf_view(&zipped);
	assert_int_equal(direct_read(&request, &limits, &batch, &refusal), 0);
	assert_int_equal(batch.n, 6);
	assert_view_equal(batch.at[3].name, "process_cpu");
}

static int drop(void *owner, struct view name, struct unpacked *unpacked, struct refusal *ret)
{
	profile_free(unpacked->profile);
	return 0;
}

static void limits_have_their_names(void **state)
{
	static const struct jfrmessage_sink sink = { drop, NULL };
	struct jfrmessage message = { .labels = VIEW("") };
	BUF_AUTO recording = { 0 };

	jfr_made(&recording);
	message.recording = buf_view(&recording);
	limits.samples = 4;
	assert_true(jfrmessage_read(&message, &limits, &sink, &refusal) < 0);
	assert_int_equal(refusal.status, 422);
	limits.samples = 100;
	limits.unpacked_bytes = 100;
	assert_true(jfrmessage_read(&message, &limits, &sink, &refusal) < 0);
	assert_int_equal(refusal.status, 413);
	assert_non_null(strstr(refusal.text, "limits.unpacked_bytes"));
	limits.unpacked_bytes = 100000;
	message.recording = VIEW("no recording");
	refusal = (struct refusal){ 0 };
	assert_true(jfrmessage_read(&message, &limits, &sink, &refusal) < 0);
	assert_int_equal(refusal.status, 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_form_has_a_recording_and_its_labels, clean),
		cmocka_unit_test_teardown(by_hand_it_is_known_by_its_bytes, clean),
		cmocka_unit_test_teardown(limits_have_their_names, clean),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
