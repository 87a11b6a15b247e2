/* test_rpcd_reply: a good answer has trailers, a refusal is nothing but them. */
#include "testing.h"

#include "net/rpc_talk.h"

static void reply_to(struct rpc_client *client, struct rpcd_reply *reply)
{
	struct rpcd_rules rules;
	struct rpcd_call *ready;
	struct rpcd_session *session;

	rpc_talk_rules(&rules, &ready);
	session = rpcd_session_new(&rules, "peer");
	rpc_client_init(client);
	rpc_client_call(client, "/a", VIEW("q"), NULL, NULL);
	rpc_talk(client, session);
	assert_non_null(ready);
	rpcd_session_answer(ready, reply);
	rpc_talk(client, session);
	assert_true(client->is_closed);
	rpcd_session_free(session);
}

static void a_long_answer_comes_whole(void **state)
{
	struct rpcd_reply reply = { 0 };
	struct rpc_client client;

	for (int i = 0; i < 6000; i++)
		buf_add_text(&reply.message, "0123456789");
	reply_to(&client, &reply);
	assert_int_equal(client.answer.len, 60005);
	assert_memory_equal(client.answer.at, "\0\0\0\xea\x60", 5);
	assert_true(rpc_client_has(&client, "grpc-status: 0\n"));
	rpc_client_fini(&client);
}

static void a_refusal_has_its_sentence_and_its_details(void **state)
{
	struct rpcd_reply reply = { 0 };
	struct rpc_client client;

	rpcd_refuse(&reply, 8, "%d%% is too\nmuch", 100);
	buf_add_text(&reply.details, "CAg=");
	reply_to(&client, &reply);
	assert_int_equal(client.answer.len, 0);
	assert_true(rpc_client_has(&client, "grpc-status: 8\n"));
	assert_true(rpc_client_has(&client, "grpc-message: 100%25 is too%0Amuch\n"));
	assert_true(rpc_client_has(&client, "grpc-status-details-bin: CAg=\n"));
	rpc_client_fini(&client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_answer_comes_whole),
		cmocka_unit_test(a_refusal_has_its_sentence_and_its_details),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
