/* test_push_client: one POST after another, and how their answers are judged. */
#include "inproc/push_client.h"

#include "base/clock.h"
#include "inproc/push_item.h"
#include "push_peer.h"

#define ANSWER(status, more) "HTTP/1.1 " status "\r\nContent-Length: 4\r\n" more "\r\nabc\n"

static struct push_client client;
static struct push_peer peer;

static void begin(const char *answer)
{
	char url[64];

	push_peer_start(&peer, answer);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u", peer.port);
	assert_int_equal(push_client_init(&client, url, "t0ken", "a tenant", NULL), 0);
}

static void end(void)
{
	push_client_close(&client);
	push_peer_stop(&peer);
}

static enum push_client_result post(uint64_t *ret_retry_ns, struct err *err)
{
	struct push_item *item = push_item_new();
	enum push_client_result result;

	push_item_set_query(item, "shop", 1, 2);
	memcpy(item->type, "text/plain", 11);
	buf_add_text(&item->body, "body");
	result = push_client_post(&client, item, ret_retry_ns, err);
	push_item_free(item);
	return result;
}

static void judge(const char *answer, enum push_client_result expected, const char *word)
{
	uint64_t retry_ns;
	struct err err = { 0 };

	begin(answer);
	assert_int_equal(post(&retry_ns, &err), expected);
	assert_non_null(strstr(err.text, word));
	end();
}

static void answers_are_judged(void **state)
{
	judge(ANSWER("200 OK", ""), PUSH_CLIENT_DONE, "");
	judge("HTTP/1.1 204 No Content\r\n\r\n", PUSH_CLIENT_DONE, "");
	judge("HTTP/1.1 100 Continue\r\n\r\n" ANSWER("202 Accepted", ""), PUSH_CLIENT_DONE, "");
	judge(ANSWER("400 Bad", ""), PUSH_CLIENT_REFUSED, "answers 400: abc");
	judge(ANSWER("413 Large", ""), PUSH_CLIENT_REFUSED, "413");
	judge(ANSWER("401 Who", ""), PUSH_CLIENT_LATER, "401");
	judge(ANSWER("404 Where", ""), PUSH_CLIENT_LATER, "404");
	judge(ANSWER("500 Oh", ""), PUSH_CLIENT_LATER, "500");
	judge(ANSWER("301 There", "Location: http://b/\r\n"), PUSH_CLIENT_LATER, "http://b/");
	judge("", PUSH_CLIENT_LATER, "does not answer");
	judge("what?\r\n\r\n", PUSH_CLIENT_LATER, "no HTTP answer");
}

static void a_request_says_what_it_must(void **state)
{
	uint64_t retry_ns;
	struct err err;

	begin(ANSWER("503 Busy", "Retry-After: 9\r\n"));
	assert_int_equal(post(&retry_ns, &err), PUSH_CLIENT_LATER);
	assert_int_equal(retry_ns, UINT64_C(9000000000));
	assert_memory_equal(peer.request, "POST /ingest?name=shop&from=1", 29);
	assert_non_null(strstr(peer.request, "\r\nHost: 127.0.0.1:"));
	assert_non_null(strstr(peer.request, "\r\nContent-Length: 4\r\n"));
	assert_non_null(strstr(peer.request, "\r\nIdempotency-Key: "));
	assert_non_null(strstr(peer.request, "\r\nAuthorization: Bearer t0ken\r\n"));
	assert_non_null(strstr(peer.request, "\r\nX-Scope-OrgID: a tenant\r\n\r\n"));
	end();
}

static void the_time_of_an_exchange_is_bounded(void **state)
{
	uint64_t retry_ns, began;
	struct err err;

	begin("HTTP/1.1 200 OK\r\nContent-Le");
	began = clock_monotonic_ns();
	atomic_store(&client.until_ns, began + 200000000);
	assert_int_equal(post(&retry_ns, &err), PUSH_CLIENT_LATER);
	assert_true(clock_monotonic_ns() - began < PUSH_CLIENT_EXCHANGE_NS / 2);
	end();
}

static void credentials_that_no_header_carries_are_refused(void **state)
{
	struct err err;

	assert_int_equal(push_client_init(&client, "http://h:1", "a\nb", NULL, &err), ERR_USAGE);
	assert_int_equal(push_client_init(&client, "http://a:b@h:1", "c", NULL, &err), ERR_USAGE);
	assert_int_equal(push_client_init(&client, "http://a:b@h:1", "", "", &err), 0);
	assert_string_equal(client.headers, "Authorization: Basic YTpi\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_judged),
		cmocka_unit_test(a_request_says_what_it_must),
		cmocka_unit_test(the_time_of_an_exchange_is_bounded),
		cmocka_unit_test(credentials_that_no_header_carries_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
