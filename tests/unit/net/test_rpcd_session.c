/* test_rpcd_session: frames become calls and answers become frames; floods end. */
#include "testing.h"

#include "net/rpc_talk.h"

struct talk {
	struct rpcd_rules rules;
	struct rpcd_session *session;
	struct rpcd_call *ready;
	struct rpc_client client;
};

static int start(void **state)
{
	static struct talk talk;

	rpc_talk_rules(&talk.rules, &talk.ready);
	talk.session = rpcd_session_new(&talk.rules, "peer");
	assert_non_null(talk.session);
	rpc_client_init(&talk.client);
	*state = &talk;
	return 0;
}

static int stop(void **state)
{
	struct talk *talk = *state;

	if (talk->session)
		rpcd_session_free(talk->session);
	rpc_client_fini(&talk->client);
	return 0;
}

static void answer(struct rpcd_call *call, const char *text)
{
	struct rpcd_reply reply = { 0 };

	buf_add_text(&reply.message, text);
	rpcd_session_answer(call, &reply);
}

static void a_call_is_answered(void **state)
{
	struct talk *talk = *state;

	rpc_client_call(&talk->client, "/a.B/C", VIEW("question"), NULL, NULL);
	rpc_talk(&talk->client, talk->session);
	assert_true(talk->session->is_greeted);
	assert_non_null(talk->ready);
	assert_string_equal(rpcd_path(talk->ready), "/a.B/C");
	assert_view_equal(rpcd_message(talk->ready), "question");
	assert_string_equal(rpcd_peer(talk->ready), "peer");
	assert_null(rpcd_coding(talk->ready));
	answer(talk->ready, "answer");
	rpc_talk(&talk->client, talk->session);
	assert_true(talk->client.is_closed);
	assert_int_equal(talk->client.answer.len, 11);
	assert_memory_equal(talk->client.answer.at, "\0\0\0\0\6answer", 11);
	assert_true(rpc_client_has(&talk->client, ":status: 200\n"));
	assert_true(rpc_client_has(&talk->client, "grpc-status: 0\n"));
	assert_int_equal(talk->session->n_calls, 0);
	assert_int_equal(talk->rules.held, 0);
}

static void a_call_that_was_cancelled_is_there_until_its_answer(void **state)
{
	struct talk *talk = *state;
	int32_t stream;

	stream = rpc_client_call(&talk->client, "/a", VIEW("q"), NULL, NULL);
	rpc_talk(&talk->client, talk->session);
	assert_non_null(talk->ready);
	nghttp2_submit_rst_stream(talk->client.http2, 0, stream, NGHTTP2_CANCEL);
	rpc_talk(&talk->client, talk->session);
	assert_int_equal(talk->session->n_calls, 1);
	assert_true(talk->ready->is_gone);
	answer(talk->ready, "late");
	assert_int_equal(talk->session->n_calls, 0);
}

static void a_call_outlives_its_connection(void **state)
{
	struct talk *talk = *state;

	rpc_client_call(&talk->client, "/a", VIEW("q"), NULL, NULL);
	rpc_talk(&talk->client, talk->session);
	assert_non_null(talk->ready);
	rpcd_session_free(talk->session);
	talk->session = NULL;
	assert_view_equal(rpcd_message(talk->ready), "q");
	answer(talk->ready, "to nobody");
	assert_int_equal(talk->rules.held, 0);
}

static void cancelling_makes_no_room_for_more(void **state)
{
	struct talk *talk = *state;
	struct rpcd_call *taken[4];
	int32_t stream;

	for (int i = 0; i < 4; i++) {
		stream = rpc_client_call(&talk->client, "/a", VIEW("q"), NULL, NULL);
		rpc_talk(&talk->client, talk->session);
		taken[i] = talk->ready;
		nghttp2_submit_rst_stream(talk->client.http2, 0, stream, NGHTTP2_CANCEL);
		rpc_talk(&talk->client, talk->session);
	}
	rpc_client_call(&talk->client, "/a", VIEW("q"), NULL, NULL);
	rpc_talk(&talk->client, talk->session);
	assert_true(talk->client.is_closed);
	assert_int_equal(talk->client.reset, NGHTTP2_REFUSED_STREAM);
	for (int i = 0; i < 4; i++)
		answer(taken[i], "");
}

static void what_is_cancelled_again_and_again_ends_it(void **state)
{
	struct talk *talk = *state;
	int32_t stream;
	int n = 0;

	for (; n < 500 && !talk->client.said_goodbye; n++) {
		talk->client.is_held = true;
		stream = rpc_client_call(&talk->client, "/a", VIEW("q"), NULL, NULL);
		rpc_talk(&talk->client, talk->session);
		nghttp2_submit_rst_stream(talk->client.http2, 0, stream, NGHTTP2_CANCEL);
		rpc_talk(&talk->client, talk->session);
	}
	assert_in_range(n, 100, 400);
	assert_int_equal(talk->client.goodbye, NGHTTP2_ENHANCE_YOUR_CALM);
	assert_true(rpcd_session_is_over(talk->session));
}

static void a_message_that_does_not_come_is_late(void **state)
{
	struct talk *talk = *state;

	talk->client.is_held = true;
	rpc_client_call(&talk->client, "/a", VIEW("q"), NULL, NULL);
	rpc_talk(&talk->client, talk->session);
	rpcd_session_look(talk->session, rpcd_now_ms());
	rpc_talk(&talk->client, talk->session);
	assert_int_equal(talk->client.headers.len, 0);
	rpcd_session_look(talk->session, rpcd_now_ms() + 1001);
	rpc_talk(&talk->client, talk->session);
	assert_true(rpc_client_has(&talk->client, "grpc-status: 4\n"));
	assert_true(talk->client.is_closed);
}

static void closing_says_so_and_finishes(void **state)
{
	struct talk *talk = *state;

	rpc_client_call(&talk->client, "/a", VIEW("q"), NULL, NULL);
	rpc_talk(&talk->client, talk->session);
	rpcd_session_close(talk->session);
	rpc_talk(&talk->client, talk->session);
	assert_true(talk->client.said_goodbye);
	assert_int_equal(talk->client.goodbye, NGHTTP2_NO_ERROR);
	assert_false(rpcd_session_is_over(talk->session));
	answer(talk->ready, "answer");
	rpc_talk(&talk->client, talk->session);
	assert_true(rpc_client_has(&talk->client, "grpc-status: 0\n"));
	assert_true(rpcd_session_is_over(talk->session));
}

static void what_is_no_http2_fails(void **state)
{
	struct talk *talk = *state;

	rpcd_session_read(talk->session, VIEW("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"));
	assert_true(rpcd_session_is_over(talk->session));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_call_is_answered, start, stop),
		cmocka_unit_test_setup_teardown(
			a_call_that_was_cancelled_is_there_until_its_answer, start, stop),
		cmocka_unit_test_setup_teardown(a_call_outlives_its_connection, start, stop),
		cmocka_unit_test_setup_teardown(cancelling_makes_no_room_for_more, start, stop),
		cmocka_unit_test_setup_teardown(
			what_is_cancelled_again_and_again_ends_it, start, stop),
		cmocka_unit_test_setup_teardown(a_message_that_does_not_come_is_late, start, stop),
		cmocka_unit_test_setup_teardown(closing_says_so_and_finishes, start, stop),
		cmocka_unit_test_setup_teardown(what_is_no_http2_fails, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
