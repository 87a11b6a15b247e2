/* test_debuginfod: what is missing is fetched once from those who were named, and from nobody else.
 */
#include "debuginfo/shelved.h"

#include <stdatomic.h>
#include <time.h>

#include "net/address.h"
#include "net/httpd.h"
#include "server/debuginfod.h"

static struct buf program;
static atomic_uint asked;

static void answer(void *owner, const struct httpd_request *request, struct httpd_reply *ret)
{
	(void)owner;
	atomic_fetch_add(&asked, 1);
	if (strcmp(request->path, "/has/buildid/" SHELVED_ID "/debuginfo") == 0 ||
		strcmp(request->path, "/wrong/buildid/" SHELVED_OTHER_ID "/debuginfo") == 0) {
		ret->body = buf_view(&program);
	} else if (strncmp(request->path, "/moved/", 7) == 0) {
		ret->status = 302;
		httpd_reply_header(ret, "Location", "/has/buildid/" SHELVED_ID "/debuginfo");
	} else {
		ret->status = 404;
	}
}

static struct httpd *httpd;
static char urls[4][64];

static int start(void **state)
{
	struct address address = { .host = "127.0.0.1" };
	struct httpd_options options = { .handle = answer };
	static const char *const PATHS[] = { "/has/", "/nothing", "/moved", "/wrong" };
	uint16_t port;
	bool taken;

	if (shelved_begin(state) != 0 || disk_read("program", SIZE_MAX, &program, NULL) < 0)
		return -1;
	options.fd = address_listen(&address, &port, &taken, NULL);
	for (size_t i = 0; i < 4; i++)
		snprintf(urls[i], sizeof(urls[i]), "http://127.0.0.1:%u%s", port, PATHS[i]);
	return httpd_start(&options, &httpd, NULL);
}

static int stop(void **state)
{
	httpd_stop(httpd);
	buf_fini(&program);
	return programs_end(state);
}

/* Wants a build of those servers and waits until that has an end. */
static struct debuginfod_figures want(
	const char *const *servers, size_t n, const char *id, size_t bytes_max, struct shelf *shelf)
{
	const struct debuginfod_options options = { servers, n, shelf, bytes_max };
	struct debuginfod_figures figures;
	struct debuginfod *client;

	atomic_store(&asked, 0);
	assert_int_equal(debuginfod_new(&options, &client, NULL), 0);
	debuginfod_want(client, VIEW(""), view_of(id));
	debuginfod_want(client, VIEW(""), view_of(id));
	for (unsigned i = 0; i < 3000; i++) {
		debuginfod_figures(client, &figures);
		if (!figures.waiting)
			break;
		nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	}
	debuginfod_want(client, VIEW(""), view_of(id));
	debuginfod_figures(client, &figures);
	assert_int_equal(figures.waiting, 0);
	debuginfod_free(client);
	return figures;
}

static void the_first_that_has_it_gives_it(void **state)
{
	const char *const servers[] = { urls[1], urls[0] };
	struct shelf *shelf = shelved_open(0);
	struct debuginfod_figures figures = want(servers, 2, SHELVED_ID, 1 << 20, shelf);
	unsigned n;

	assert_int_equal(figures.fetched, 1);
	assert_int_equal(atomic_load(&asked), 2);
	assert_int_equal(shelved_count(shelf, "", SHELVED_ID), 1);
	shelf_remove(shelf, VIEW(""), VIEW(SHELVED_ID), &n, NULL);
	shelf_close(shelf);
}

static void what_nobody_has_is_asked_for_once(void **state)
{
	const char *const servers[] = { urls[1] };
	struct shelf *shelf = shelved_open(0);
	struct debuginfod_figures figures = want(servers, 1, SHELVED_ID, 1 << 20, shelf);

	assert_int_equal(figures.missing, 1);
	assert_int_equal(atomic_load(&asked), 1);
	shelf_close(shelf);
}

static void nobody_is_led_elsewhere(void **state)
{
	const char *const servers[] = { urls[2] };
	struct shelf *shelf = shelved_open(0);
	struct debuginfod_figures figures = want(servers, 1, SHELVED_ID, 1 << 20, shelf);

	assert_int_equal(figures.failed, 1);
	assert_int_equal(atomic_load(&asked), 1);
	assert_int_equal(shelved_count(shelf, "", ""), 0);
	shelf_close(shelf);
}

static void another_build_or_too_much_is_not_taken(void **state)
{
	const char *const wrong[] = { urls[3] }, *const has[] = { urls[0] };
	struct shelf *shelf = shelved_open(0);

	assert_int_equal(want(wrong, 1, SHELVED_OTHER_ID, 1 << 20, shelf).fetched, 0);
	assert_int_equal(want(has, 1, SHELVED_ID, 100, shelf).failed, 1);
	assert_int_equal(shelved_count(shelf, "", ""), 0);
	shelf_close(shelf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_that_has_it_gives_it),
		cmocka_unit_test(what_nobody_has_is_asked_for_once),
		cmocka_unit_test(nobody_is_led_elsewhere),
		cmocka_unit_test(another_build_or_too_much_is_not_taken),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
