/* test_scraper: a live endpoint is asked for each of its profiles, again and again. */
#include "testing.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "net/address.h"
#include "net/httpd.h"
#include "server/scraper.h"

static uint16_t port;
static struct httpd *httpd;

static void handle(void *owner, const struct httpd_request *request, struct httpd_reply *ret)
{
	const char *credentials = httpd_header(request, "Authorization");

	if (!credentials || strcmp(credentials, "Bearer abc") != 0) {
		ret->status = 401;
		ret->body = VIEW("who are you?");
	} else if (strcmp(request->path, "/debug/pprof/block") == 0) {
		ret->status = 404;
		ret->body = VIEW("no such profile");
	} else {
		buf_add_format(&ret->made, "%s seconds=%s", request->path,
			httpd_argument(request, "seconds") ? httpd_argument(request, "seconds")
							   : "none");
	}
}

static int start(void **state)
{
	struct address address = { .host = "127.0.0.1" };
	struct httpd_options options = { .handle = handle };
	bool taken;

	options.fd = address_listen(&address, &port, &taken, NULL);
	return options.fd < 0 ? -1 : httpd_start(&options, &httpd, NULL);
}

static int stop(void **state)
{
	httpd_stop(httpd);
	return 0;
}

struct tally {
	pthread_mutex_t lock;
	unsigned seen[SCRAPE_KINDS];
	char text[SCRAPE_KINDS][64];
};

static int on_scraped(void *owner, const struct scraped *scraped, struct err *err)
{
	struct tally *tally = owner;

	pthread_mutex_lock(&tally->lock);
	tally->seen[scraped->kind]++;
	snprintf(tally->text[scraped->kind], 64, "%.*s", (int)scraped->body.len, scraped->body.at);
	pthread_mutex_unlock(&tally->lock);
	if (scraped->kind == SCRAPE_MEMORY)
		return err_set(err, ERR_CORRUPT, "no profile");
	return 0;
}

static struct scrape_job job_of(const char *credentials)
{
	struct scrape_job job = *(const struct scrape_job *)scrape_job_conf.defaults;

	job.job_name = "shop";
	job.scrape_interval = 50000000;
	job.scrape_timeout = 5000000000;
	job.authorization.credentials = credentials;
	job.profiling_config.pprof_config.mutex.enabled = false;
	return job;
}

struct fares {
	unsigned n, good, failed;
	char block[256], memory[256];
};

static void on_status(void *owner, const struct scraper_status *status)
{
	struct fares *fares = owner;

	fares->n++;
	fares->good += status->good > 0;
	fares->failed += status->failed > 0;
	if (strstr(status->url, "/block"))
		snprintf(fares->block, sizeof(fares->block), "%s", status->trouble);
	if (strstr(status->url, "/heap"))
		snprintf(fares->memory, sizeof(fares->memory), "%s", status->trouble);
}

static struct fares scrape(const char *credentials, struct tally *tally)
{
	char address[32];
	const char *addresses[] = { address };
	struct scrape_static targets = { { addresses, 1 }, { NULL, 0 } };
	struct scrape_job job = job_of(credentials);
	struct scraper_options options = { &job, 1, on_scraped, tally };
	struct scraper *scraper;
	struct fares fares = { 0 };

	snprintf(address, sizeof(address), "127.0.0.1:%u", port);
	job.static_configs = (struct conf_list){ &targets, 1 };
	assert_int_equal(scraper_start(&options, &scraper, NULL), 0);
	for (int i = 0; i < 400 && fares.good + fares.failed < 5; i++) {
		usleep(25000);
		fares = (struct fares){ 0 };
		scraper_each(scraper, on_status, &fares);
	}
	scraper_stop(scraper);
	return fares;
}

static void every_kind_is_asked_for(void **state)
{
	struct tally tally = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct fares fares = scrape("abc", &tally);

	assert_int_equal(fares.n, 5);
	assert_int_equal(fares.good, 3);
	assert_int_equal(fares.failed, 2);
	assert_string_equal(tally.text[SCRAPE_CPU], "/debug/pprof/profile seconds=1");
	assert_string_equal(tally.text[SCRAPE_ALLOCS], "/debug/pprof/allocs seconds=1");
	assert_string_equal(tally.text[SCRAPE_GOROUTINE], "/debug/pprof/goroutine seconds=none");
	assert_int_equal(tally.seen[SCRAPE_BLOCK], 0);
	assert_int_equal(tally.seen[SCRAPE_MUTEX], 0);
	assert_non_null(strstr(fares.block, "404: no such profile"));
	assert_string_equal(fares.memory, "no profile");
}

static void a_wrong_secret_is_said(void **state)
{
	struct tally tally = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct fares fares = scrape("abd", &tally);

	assert_int_equal(fares.good, 0);
	assert_int_equal(fares.failed, 5);
	assert_non_null(strstr(fares.memory, "401: who are you?"));
}

static void no_jobs_are_fine(void **state)
{
	struct scraper_options options = { 0 };
	struct scraper *scraper;

	assert_int_equal(scraper_start(&options, &scraper, NULL), 0);
	scraper_stop(scraper);
	scraper_stop(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_asked_for),
		cmocka_unit_test(a_wrong_secret_is_said),
		cmocka_unit_test(no_jobs_are_fine),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
