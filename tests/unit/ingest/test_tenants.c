/* test_tenants: rates, series and who has too many. */
#include "testing.h"

#include <stdio.h>

#include "ingest/tenants.h"

#define HOUR_NS UINT64_C(3600000000000)

static int admit(struct tenant *tenant, const char *value, uint64_t now_ns, struct refusal *refusal)
{
	ARENA_AUTO arena = { 0 };
	struct labelset labels;

	labelset_init(&labels, &arena);
	labelset_set(&labels, VIEW("pod"), view_of(value));
	labelset_set(&labels, VIEW("service_name"), VIEW("shop"));
	return tenants_admit(tenant, VIEW("process_cpu"), &labels, now_ns, refusal);
}

static void series_are_counted_and_the_worst_label_is_named(void **state)
{
	struct limits limits;
	struct rulebook *book;
	struct tenants *tenants;
	struct tenant *tenant;
	struct refusal refusal = { 0 };
	char value[16];

	limits_defaults(&limits);
	limits.series = 5;
	book = rulebook_new(&limits);
	tenants = tenants_new(book);
	tenant = tenants_find(tenants, VIEW("t"), &refusal);
	assert_ptr_equal(tenant, tenants_find(tenants, VIEW("t"), &refusal));
	for (int i = 0; i < 5; i++) {
		snprintf(value, sizeof(value), "p%d", i);
		assert_int_equal(admit(tenant, value, 1, &refusal), 0);
	}
	assert_true(admit(tenant, "p5", 1, &refusal) < 0);
	assert_int_equal(refusal.status, 429);
	assert_non_null(
		strstr(refusal.text, "(limits.series); the label 'pod' has the most values, 5"));
	assert_int_equal(admit(tenant, "p3", 1, &refusal), 0);
	/* Two hours on the old ones are gone. */
	assert_int_equal(admit(tenant, "p3", HOUR_NS + 2, &refusal), 0);
	assert_int_equal(admit(tenant, "p6", 2 * HOUR_NS + 4, &refusal), 0);
	tenants_free(tenants);
	rulebook_free(book);
}

static void a_rate_is_kept_and_debts_are_worked_off(void **state)
{
	struct limits limits;
	struct rulebook *book;
	struct tenants *tenants;
	struct tenant *tenant;
	struct refusal refusal = { 0 };
	const uint64_t second = UINT64_C(1000000000);

	limits_defaults(&limits);
	limits.rate_bytes = 1000;
	limits.burst_bytes = 2000;
	book = rulebook_new(&limits);
	tenants = tenants_new(book);
	tenant = tenants_find(tenants, VIEW(""), &refusal);
	assert_int_equal(tenants_spend(tenant, 5000, second, &refusal), 0);
	assert_true(tenants_spend(tenant, 1, 2 * second, &refusal) < 0);
	assert_int_equal(refusal.status, 429);
	assert_int_equal(refusal.retry_after_s, 3);
	assert_non_null(strstr(refusal.text, "limits.rate_bytes"));
	assert_int_equal(tenants_spend(tenant, 1, 5 * second, &refusal), 0);
	tenants_free(tenants);
	rulebook_free(book);
}

static void tenants_are_counted(void **state)
{
	struct limits limits;
	struct rulebook *book;
	struct tenants *tenants;
	struct refusal refusal = { 0 };
	struct tenants_figures figures;

	limits_defaults(&limits);
	limits.tenants = 2;
	book = rulebook_new(&limits);
	tenants = tenants_new(book);
	assert_non_null(tenants_find(tenants, VIEW("a"), &refusal));
	assert_non_null(tenants_find(tenants, VIEW("b"), &refusal));
	assert_null(tenants_find(tenants, VIEW("c"), &refusal));
	assert_non_null(strstr(refusal.text, "limits.tenants"));
	tenants_figures(tenants, &figures);
	assert_int_equal(figures.tenants, 2);
	tenants_free(tenants);
	rulebook_free(book);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(series_are_counted_and_the_worst_label_is_named),
		cmocka_unit_test(a_rate_is_kept_and_debts_are_worked_off),
		cmocka_unit_test(tenants_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
