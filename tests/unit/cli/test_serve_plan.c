/* test_serve_plan: a server begins, has its guest, is told to end, and ends; flags count more. */
#include "testing.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "cli/serve_plan.h"
#include "net/fetch.h"

struct guest {
	char url[300];
	bool answered, ended;
};

static int begin(void *owner, const struct serve_door *door, struct err *err)
{
	struct guest *guest = owner;
	BUF_AUTO address = { 0 }, body = { 0 };

	strncpy(guest->url, door->url, sizeof(guest->url) - 1);
	buf_add_format(&address, "%s-/ready", door->url);
	buf_add_char(&address, '\0');
	guest->answered = fetch_send(&(struct fetch_request){ .url = address.at,
					     .limits = { 1000, 10 },
					     .trust = door->trust },
				  &body, NULL, NULL) == 0;
	kill(getpid(), SIGTERM);
	return 0;
}

static void end(void *owner)
{
	((struct guest *)owner)->ended = true;
}

static void it_serves_until_it_is_told(void **state)
{
	struct serve_wish wish = {
		.data = "memory", .listen = "127.0.0.1:0", .log_level = "error"
	};
	struct guest us = { .url = "" };
	struct serve_guest guest = { begin, end, &us };

	assert_int_equal(serve_plan_run(&wish, &guest, NULL), 0);
	assert_non_null(strstr(us.url, "http://127.0.0.1:"));
	assert_true(us.answered);
	assert_true(us.ended);
}

static void beyond_this_machine_somebody_must_ask(void **state)
{
	struct serve_wish wish = { .data = "memory", .listen = "0.0.0.0:0", .log_level = "error" };
	struct err err = { 0 };

	assert_int_equal(serve_plan_run(&wish, NULL, &err), ERR_USAGE);
	assert_non_null(
		strstr(err.text, "name tokens or users in --config, or add --allow-remote"));
}

static void flags_count_more_than_the_file(void **state)
{
	char path[] = "/tmp/flyover-plan-XXXXXX";
	const char *limit = "samples=7";
	struct serve_wish wish = { .config = path, .listen = "127.0.0.1:1" };
	BUF_AUTO text = { 0 };
	struct err err = { 0 };

	close(mkstemp(path));
	assert_int_equal(
		disk_write(
			path, VIEW("listen: 127.0.0.1:2\nlimits: {samples: 5, depth: 9}\n"), NULL),
		0);
	wish.limits = (struct option_list){ .at = &limit, .count = 1 };
	assert_int_equal(serve_plan_check(&wish, &text, &err), 0);
	buf_add_char(&text, '\0');
	assert_non_null(strstr(text.at, "listen: \"127.0.0.1:1\"\n"));
	assert_non_null(strstr(text.at, "  samples: 7\n"));
	assert_non_null(strstr(text.at, "  depth: 9\n"));
	assert_int_equal(disk_write(path, VIEW("lisen: x\n"), NULL), 0);
	assert_true(serve_plan_check(&wish, &text, &err) < 0);
	assert_non_null(strstr(err.text, ":1: there is no 'lisen' here"));
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_serves_until_it_is_told),
		cmocka_unit_test(beyond_this_machine_somebody_must_ask),
		cmocka_unit_test(flags_count_more_than_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
