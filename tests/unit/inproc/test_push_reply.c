/* test_push_reply: the answers of servers, and of what is none. */
#include "inproc/push_reply.h"

#include "testing.h"

#define NOW 784111777 /* Sun, 06 Nov 1994 08:49:37 GMT */

static struct push_reply parse(const char *text)
{
	struct push_reply reply;

	assert_int_equal(push_reply_parse(view_of(text), NOW, &reply), 1);
	return reply;
}

static void what_decides_where_it_ends_is_read(void **state)
{
	struct push_reply reply = parse("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc");

	assert_int_equal(reply.status, 200);
	assert_int_equal(reply.body_len, 3);
	assert_int_equal(reply.head_len, 38);
	assert_false(reply.closes);
	assert_true(parse("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\n").closes);
	assert_true(parse("HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n").closes);
	assert_true(parse("HTTP/1.1 200 OK\nContent-Length: 3\nConnection: Close\n\n").closes);
	assert_true(parse("HTTP/1.1 200 OK\r\n\r\n").closes);
	assert_false(parse("HTTP/1.1 204 No Content\r\n\r\n").closes);
}

static void retry_after_is_seconds_or_a_date(void **state)
{
	assert_int_equal(parse("HTTP/1.1 503 x\r\nRetry-After: 7\r\n\r\n").retry_after_s, 7);
	assert_int_equal(
		parse("HTTP/1.1 503 x\r\nRetry-After: Sun, 06 Nov 1994 08:50:37 GMT\r\n\r\n")
			.retry_after_s,
		60);
	assert_int_equal(
		parse("HTTP/1.1 503 x\r\nRetry-After: Sun, 06 Nov 1994 08:40:37 GMT\r\n\r\n")
			.retry_after_s,
		0);
	assert_int_equal(parse("HTTP/1.1 503 x\r\nRetry-After: 99999999\r\n\r\n").retry_after_s,
		PUSH_REPLY_RETRY_MAX_S);
	assert_int_equal(parse("HTTP/1.1 503 x\r\nRetry-After: soon\r\n\r\n").retry_after_s, 0);
}

static void more_bytes_are_waited_for_up_to_a_limit(void **state)
{
	static char much[PUSH_REPLY_HEAD_MAX];
	struct push_reply reply;

	assert_int_equal(push_reply_parse(VIEW(""), NOW, &reply), 0);
	assert_int_equal(push_reply_parse(VIEW("HTTP/1.1 200 OK\r\nA: b\r\n"), NOW, &reply), 0);
	memset(much, 'a', sizeof(much));
	assert_int_equal(push_reply_parse((struct view){ much, sizeof(much) }, NOW, &reply), -1);
}

static void what_is_no_answer_is_told_apart(void **state)
{
	static const char *const bad[] = { "SSH-2.0\r\n\r\n", "HTTP/2 200\r\n\r\n",
		"HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 2000\r\n\r\n",
		"HTTP/1.1 200 OK\r\nnothing\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "\r\n\r\n" };
	struct push_reply reply;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(push_reply_parse(view_of(bad[i]), NOW, &reply), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_decides_where_it_ends_is_read),
		cmocka_unit_test(retry_after_is_seconds_or_a_date),
		cmocka_unit_test(more_bytes_are_waited_for_up_to_a_limit),
		cmocka_unit_test(what_is_no_answer_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
