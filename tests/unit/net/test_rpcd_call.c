/* test_rpcd_call: what is wrong with a call is said; the owner hears of those it admitted. */
#include "testing.h"

#include "net/rpc_talk.h"

struct talk {
	struct rpcd_rules rules;
	struct rpcd_session *session;
	struct rpcd_call *ready;
	struct rpc_client client;
	unsigned n_admitted, n_forgotten, last_code;
	bool last_was_sent;
};

static void admit(void *owner, struct rpcd_call *call, struct rpcd_reply *refusal)
{
	struct talk *talk = owner;
	const char *who = rpcd_header(call, "authorization");

	talk->n_admitted++;
	*rpcd_context(call) = talk;
	if (who && strcmp(who, "nobody") == 0)
		rpcd_refuse(refusal, 16, "not %s", who);
}

static void forget(void *owner, struct rpcd_call *call, unsigned code, bool was_sent)
{
	struct talk *talk = owner;

	assert_ptr_equal(*rpcd_context(call), talk);
	talk->n_forgotten++;
	talk->last_code = code;
	talk->last_was_sent = was_sent;
}

static int start(void **state)
{
	static struct talk talk;

	talk = (struct talk){ 0 };
	rpc_talk_rules(&talk.rules, &talk.ready);
	talk.rules.options.admit = admit;
	talk.rules.options.forget = forget;
	talk.rules.options.owner = &talk;
	talk.session = rpcd_session_new(&talk.rules, "peer");
	rpc_client_init(&talk.client);
	*state = &talk;
	return 0;
}

static int stop(void **state)
{
	struct talk *talk = *state;

	rpcd_session_free(talk->session);
	rpc_client_fini(&talk->client);
	assert_int_equal(talk->n_forgotten, talk->n_admitted);
	assert_int_equal(talk->rules.held, 0);
	return 0;
}

/* The call's body is `bytes` as they are. */
static void refused_with(struct talk *talk, struct view bytes, const char *header,
	const char *value, const char *words)
{
	rpc_client_call(&talk->client, "/a", VIEW(""), header, value);
	buf_clear(&talk->client.body);
	buf_add_view(&talk->client.body, bytes);
	rpc_talk(&talk->client, talk->session);
	assert_null(talk->ready);
	assert_true(talk->client.is_closed);
	assert_true(rpc_client_has(&talk->client, words));
}

#define BYTES(text) ((struct view){ text, sizeof(text) - 1 })

static void a_message_that_is_wrong_says_how(void **state)
{
	struct talk *talk = *state;

	refused_with(
		talk, BYTES("\0\0\0\0\5abc"), NULL, NULL, "grpc-message: the message is cut off\n");
	refused_with(talk, BYTES(""), NULL, NULL, "grpc-message: a call without a message\n");
	refused_with(talk, BYTES("\2"), NULL, NULL, "grpc-status: 13\n");
	refused_with(talk, BYTES("\0\0\0\0\1ab"), NULL, NULL, "grpc-status: 12\n");
	refused_with(talk, BYTES("\1\0\0\0\1a"), NULL, NULL, "grpc-encoding does not say how\n");
	refused_with(talk, BYTES("\1\0\0\0\1a"), "grpc-encoding", "br", "grpc-status: 12\n");
	refused_with(talk, BYTES("\0\0\0\x3\xe9"), NULL, NULL,
		"grpc-message: the message has 1001 bytes; the limit is 1000 (limits.it)\n");
	assert_int_equal(talk->n_admitted, 7);
}

static void who_is_not_admitted_hears_it_at_once(void **state)
{
	struct talk *talk = *state;

	refused_with(talk, BYTES("\0\0\0\0\1a"), "authorization", "nobody",
		"grpc-status: 16\ngrpc-message: not nobody\n");
	assert_int_equal(talk->n_forgotten, 1);
	assert_int_equal(talk->last_code, 16);
	assert_true(talk->last_was_sent);
}

static void other_sites_and_long_headers_are_not_even_asked(void **state)
{
	struct talk *talk = *state;
	static char text[RPCD_HEADERS_MAX];

	refused_with(talk, BYTES("\0\0\0\0\1a"), "origin", "http://x", "grpc-status: 7\n");
	memset(text, 'y', sizeof(text) - 1);
	refused_with(talk, BYTES("\0\0\0\0\1a"), "x", text, "grpc-status: 8\n");
	assert_int_equal(talk->n_admitted, 0);
}

static void what_is_no_grpc_has_an_http_status(void **state)
{
	struct talk *talk = *state;
	nghttp2_nv headers[] = { rpc_client_nv(":method", "GET"), rpc_client_nv(":scheme", "http"),
		rpc_client_nv(":path", "/"), rpc_client_nv(":authority", "x") };

	nghttp2_submit_request(talk->client.http2, NULL, headers, 4, NULL, NULL);
	rpc_talk(&talk->client, talk->session);
	assert_true(rpc_client_has(&talk->client, ":status: 405\n"));
	buf_clear(&talk->client.headers);
	headers[0] = rpc_client_nv(":method", "POST");
	nghttp2_submit_request(talk->client.http2, NULL, headers, 4, NULL, NULL);
	rpc_talk(&talk->client, talk->session);
	assert_true(rpc_client_has(&talk->client, ":status: 415\n"));
}

static void all_messages_together_have_a_limit(void **state)
{
	struct talk *talk = *state;

	talk->rules.held = 4999;
	rpc_client_call(&talk->client, "/a", VIEW("q"), NULL, NULL);
	rpc_talk(&talk->client, talk->session);
	assert_true(rpc_client_has(&talk->client, "grpc-status: 14\n"));
	talk->rules.held -= 4999;
}

static void a_coding_is_known_of_what_is_packed(void **state)
{
	struct talk *talk = *state;
	struct rpcd_reply reply = { 0 };

	rpc_client_call(&talk->client, "/a", VIEW("q"), "grpc-encoding", "gzip");
	talk->client.body.at[0] = 1;
	rpc_talk(&talk->client, talk->session);
	assert_non_null(talk->ready);
	assert_string_equal(rpcd_coding(talk->ready), "gzip");
	assert_null(rpcd_header(talk->ready, "x"));
	rpcd_session_answer(talk->ready, &reply);
	rpc_talk(&talk->client, talk->session);
	talk->ready = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_message_that_is_wrong_says_how, start, stop),
		cmocka_unit_test_setup_teardown(who_is_not_admitted_hears_it_at_once, start, stop),
		cmocka_unit_test_setup_teardown(
			other_sites_and_long_headers_are_not_even_asked, start, stop),
		cmocka_unit_test_setup_teardown(what_is_no_grpc_has_an_http_status, start, stop),
		cmocka_unit_test_setup_teardown(all_messages_together_have_a_limit, start, stop),
		cmocka_unit_test_setup_teardown(a_coding_is_known_of_what_is_packed, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
