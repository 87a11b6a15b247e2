/* test_intake: batches held against the limits, and what the store has afterwards. */
#include "testing.h"

#include "base/clock.h"
#include "ingest/ingest_samples.h"
#include "ingest/intake.h"
#include "store/store_mem.h"

struct kept {
	struct store *store;
	struct intake *intake;
	struct limits limits;
	unsigned done;
	int code;
};

static void open_it(struct kept *kept)
{
	assert_int_equal(store_mem_open(&kept->store, NULL), 0);
	kept->intake = intake_new(kept->store, &kept->limits);
	assert_non_null(kept->intake);
}

static void close_it(struct kept *kept)
{
	intake_free(kept->intake);
	store_close(kept->store);
}

static void done(void *owner, int code, const struct err *err)
{
	struct kept *kept = owner;

	(void)err;
	kept->done++;
	kept->code = code;
}

static void add(struct intake_batch *batch, int64_t time_ns, const char *service)
{
	BUF_AUTO pprof = { 0 };
	struct profile *profile;
	struct intake_profile *item;

	cpu_pprof(time_ns, &pprof);
	assert_int_equal(codec_decode(buf_view(&pprof), &profile, NULL), 0);
	item = intake_batch_add(batch, profile);
	item->name = VIEW("process_cpu");
	item->id = hash128_view(buf_view(&pprof));
	labelset_set(&item->labels, VIEW("service_name"), view_of(service));
	batch->bytes += 1000;
}

static int take(struct kept *kept, struct intake_batch *batch, struct refusal *refusal)
{
	struct store_receipt receipt = { done, kept };
	int rc = intake_take(kept->intake, VIEW(""), batch, &receipt, refusal);

	intake_batch_fini(batch);
	return rc;
}

static void what_is_taken_is_in_the_store_once(void **state)
{
	struct kept kept = { 0 };
	struct intake_batch batch = { 0 };
	struct refusal refusal = { 0 };
	struct store_figures store;
	struct intake_figures figures;
	int64_t now_ns = (int64_t)clock_realtime_ns();

	limits_defaults(&kept.limits);
	open_it(&kept);
	for (int i = 0; i < 2; i++) {
		add(&batch, now_ns, "shop");
		add(&batch, now_ns, "till");
		assert_int_equal(take(&kept, &batch, &refusal), 0);
	}
	assert_int_equal(kept.done, 2);
	assert_int_equal(kept.code, 0);
	store_figures(kept.store, &store);
	assert_int_equal(store.profiles, 2);
	assert_int_equal(store.series, 2);
	assert_int_equal(store.duplicates, 2);
	intake_figures(kept.intake, &figures);
	assert_int_equal(figures.profiles, 4);
	assert_int_equal(figures.bytes, 4000);
	assert_int_equal(figures.series, 2);
	close_it(&kept);
}

static void refused(int64_t time_ns, const char *service, unsigned status, const char *words)
{
	struct kept kept = { 0 };
	struct intake_batch batch = { 0 };
	struct refusal refusal = { 0 };
	struct store_figures store;

	limits_defaults(&kept.limits);
	kept.limits.series = 1;
	open_it(&kept);
	add(&batch, (int64_t)clock_realtime_ns(), "first");
	add(&batch, time_ns, service);
	assert_true(take(&kept, &batch, &refusal) < 0);
	assert_int_equal(refusal.status, status);
	assert_non_null(strstr(refusal.text, words));
	assert_int_equal(kept.done, 0);
	store_figures(kept.store, &store);
	assert_int_equal(store.profiles, 0); /* not the good one either */
	close_it(&kept);
}

static void all_or_nothing(void **state)
{
	int64_t now_ns = (int64_t)clock_realtime_ns();

	refused(now_ns - 49 * 3600 * SECOND_NS, "first", 422, "limits.age_seconds");
	refused(now_ns + 700 * SECOND_NS, "first", 422, "limits.ahead_seconds");
	refused(INT64_MAX, "first", 422, "limits.ahead_seconds");
	refused(INT64_MIN, "first", 422, "limits.age_seconds");
	refused(now_ns, "", 400, "service_name");
	refused(now_ns, "second", 429, "limits.series");
}

static void a_flood_is_slowed_down(void **state)
{
	struct kept kept = { 0 };
	struct intake_batch batch = { 0 };
	struct refusal refusal = { 0 };

	limits_defaults(&kept.limits);
	kept.limits.rate_bytes = 1024;
	kept.limits.burst_bytes = 1500;
	open_it(&kept);
	for (int i = 0; i < 2; i++) {
		add(&batch, (int64_t)clock_realtime_ns(), "shop");
		assert_int_equal(take(&kept, &batch, &refusal), 0);
	}
	add(&batch, (int64_t)clock_realtime_ns(), "shop");
	assert_true(take(&kept, &batch, &refusal) < 0);
	assert_int_equal(refusal.status, 429);
	assert_true(refusal.retry_after_s > 0);
	close_it(&kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_taken_is_in_the_store_once),
		cmocka_unit_test(all_or_nothing),
		cmocka_unit_test(a_flood_is_slowed_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
