/* test_arguments: arguments are what they should be, or a sentence says what is wrong. */
#include "testing.h"

#include <stdio.h>

#include "net/http_client.h"
#include "server/served_routes.h"

#include "server/arguments.h"

/* Says what it was given. */
static void echo(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	struct arguments_group group = { 0 };
	struct err err = { 0 };
	uint64_t number = 7;
	int64_t ns = 5;
	int rc = arguments_number(call, "number", 100, &number, &err);

	if (rc == 0)
		rc = arguments_duration(call, "step", &ns, &err);
	if (rc == 0)
		rc = arguments_group(call, &group, &err);
	if (rc < 0) {
		buf_add_text(&reply->made, err.text);
		return;
	}
	buf_add_format(&reply->made,
		"number=%llu ns=%lld flag=%d groups=", (unsigned long long)number, (long long)ns,
		arguments_flag(call, "all"));
	for (size_t i = 0; i < group.n; i++)
		buf_add_format(
			&reply->made, "[%.*s]", (int)group.labels[i].len, group.labels[i].at);
}

static void says(struct served_routes *served, const char *arguments, const char *part)
{
	char path[400];
	const char *reply;

	snprintf(path, sizeof(path), "GET /echo?%s", arguments);
	reply = ask_routes(served, path, "", VIEW(""));
	if (!strstr(reply, part))
		fail_msg("%s: %s without \"%s\"", arguments, reply, part);
}

static void arguments_are_read(void **state)
{
	static const struct route routes[] = { { "GET", "/echo", echo, SCOPE_READ, LANE_QUERY } };
	struct router_options options = { .tables = { { routes, 1, NULL } }, .n_tables = 1 };
	struct served_routes served;

	serve_routes(&served, &options);
	says(&served, "x=1", "number=7 ns=5 flag=0 groups=");
	says(&served, "number=100&step=15s&all=1", "number=100 ns=15000000000 flag=1");
	says(&served, "all=0", "flag=0");
	says(&served, "all=false", "flag=0");
	says(&served, "group=pod&group=&group=a%20b", "groups=[pod][a b]");
	says(&served, "number=101", "number is a number of at most 100, not '101'");
	says(&served, "number=-1", "number is a number of at most 100");
	says(&served, "step=soon", "step='soon' is no time like 15s");
	says(&served, "step=0s", "step='0s' is no time");
	says(&served, "group=1&group=2&group=3&group=4&group=5&group=6&group=7&group=8&group=9",
		"group may come 8 times at most");
	stop_routes(&served);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
