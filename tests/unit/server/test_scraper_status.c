/* test_scraper_status: what cannot be found is said, job by job. */
#include "testing.h"

#include <stdio.h>
#include <unistd.h>

#include "server/scraper.h"

static void on_trouble(void *owner, const char *job, const char *trouble)
{
	snprintf(owner, 512, "%s: %s", job, trouble);
}

static int on_scraped(void *owner, const struct scraped *scraped, struct err *err)
{
	return 0;
}

static void trouble_with_targets_is_said(void **state)
{
	const char *addresses[] = { "not an address" };
	struct scrape_static targets = { { addresses, 1 }, { NULL, 0 } };
	struct scrape_job job = *(const struct scrape_job *)scrape_job_conf.defaults;
	struct scraper_options options = { &job, 1, on_scraped, NULL };
	struct scraper *scraper;
	char text[512] = "";

	job.job_name = "shop";
	job.static_configs = (struct conf_list){ &targets, 1 };
	assert_int_equal(scraper_start(&options, &scraper, NULL), 0);
	for (int i = 0; i < 400 && !text[0]; i++) {
		usleep(10000);
		scraper_troubles(scraper, on_trouble, text);
	}
	scraper_stop(scraper);
	assert_string_equal(
		text, "shop: 'not an address' is no address of a target: write HOST:PORT");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trouble_with_targets_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
