/* test_ways_in_grpc: OTLP's Export: who may, what is kept, and how a refusal is worded. */
#include "testing.h"

#include <errno.h>

#include "codec/otlp_message.h"
#include "net/address.h"
#include "net/rpc_socket.h"
#include "server/ways_in_grpc.h"
#include "store/store_mem.h"

#define EXPORT "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export"
/* printf %s secret | sha256sum */
#define SECRET "sha256:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"

struct whole {
	struct store *store;
	struct ways_in_grpc_options options;
	struct ways_in_grpc *grpc;
	uint16_t port;
	int fd;
	struct rpc_client client;
};

static void begin(struct whole *whole, struct auth *auth, bool multi_tenant)
{
	struct address address = { .host = "127.0.0.1" };
	struct limits limits;
	bool taken;

	limits_defaults(&limits);
	limits.rate_bytes = 1024;
	limits.burst_bytes = 4000;
	assert_int_equal(store_mem_open(&whole->store, NULL), 0);
	whole->options = (struct ways_in_grpc_options){ .multi_tenant = multi_tenant };
	whole->options.metrics = metrics_new();
	whole->options.intake = intake_new(whole->store, &limits);
	whole->options.ways = ways_in_new(whole->options.intake, NULL, whole->options.metrics);
	whole->options.gatekeeper = gatekeeper_new(auth);
	whole->options.fd = address_listen(&address, &whole->port, &taken, NULL);
	assert_int_equal(ways_in_grpc_start(&whole->options, &whole->grpc, NULL), 0);
	whole->fd = rpc_socket_open(whole->port);
	rpc_client_init(&whole->client);
}

static void end(struct whole *whole)
{
	close(whole->fd);
	rpc_client_fini(&whole->client);
	ways_in_grpc_stop(whole->grpc);
	gatekeeper_free(whole->options.gatekeeper);
	ways_in_free(whole->options.ways);
	intake_free(whole->options.intake);
	metrics_free(whole->options.metrics);
	store_close(whole->store);
}

/* Whether the answer has this line. */
static bool call(struct whole *whole, const char *path, struct view message, const char *header,
	const char *value)
{
	rpc_client_call(&whole->client, path, message, header, value);
	return rpc_socket_talk(&whole->client, whole->fd);
}

static void message(struct buf *out)
{
	BUF_AUTO sample = { 0 };

	put_sample(&sample, false);
	put_message(out, &sample, 1);
}

static uint64_t stored(struct whole *whole)
{
	struct store_figures figures;

	store_figures(whole->store, &figures);
	return figures.profiles;
}

static void a_message_is_kept_and_counted(void **state)
{
	struct whole whole;
	BUF_AUTO bytes = { 0 };
	BUF_AUTO text = { 0 };

	message(&bytes);
	begin(&whole, NULL, false);
	assert_true(call(&whole, EXPORT, buf_view(&bytes), NULL, NULL));
	assert_true(rpc_client_has(&whole.client, "grpc-status: 0\n"));
	assert_int_equal(whole.client.answer.len, 5); /* everything was taken */
	assert_int_equal(stored(&whole), 1);
	assert_true(call(&whole, "/grpc.health.v1.Health/Check", VIEW(""), NULL, NULL));
	assert_true(rpc_client_has(&whole.client, "grpc-status: 12\n"));
	assert_true(call(&whole, EXPORT, VIEW("\x0a\xff"), NULL, NULL));
	assert_true(rpc_client_has(&whole.client, "grpc-status: 3\n"));
	metrics_write(whole.options.metrics, &text);
	buf_add_char(&text, '\0');
	assert_non_null(strstr(text.at, "flyover_grpc_calls_total{outcome=\"good\"} 1\n"));
	assert_non_null(
		strstr(text.at, "flyover_ingest_refused_total{status=\"400\",limit=\"\"} 1\n"));
	end(&whole);
}

static void too_much_is_told_when_to_come_again(void **state)
{
	struct whole whole;
	BUF_AUTO bytes = { 0 };
	int refused = 0;

	message(&bytes);
	begin(&whole, NULL, false);
	for (int i = 0; i < 30 && !refused; i++) {
		assert_true(call(&whole, EXPORT, buf_view(&bytes), NULL, NULL));
		refused += rpc_client_has(&whole.client, "grpc-status: 8\n");
	}
	assert_int_equal(refused, 1);
	assert_true(rpc_client_has(&whole.client, "limits.rate_bytes"));
	/* "type.googleapis.com", in base64 by its place */
	assert_true(rpc_client_has(&whole.client, "grpc-status-details-bin: CAgS"));
	end(&whole);
}

static void strangers_are_not_let_in(void **state)
{
	struct auth_credential one = { "agents", SECRET, NULL, AUTH_INGEST, true };
	struct whole whole;
	struct auth *auth;

	assert_int_equal(auth_new(&one, 1, &auth, NULL), 0);
	begin(&whole, auth, false);
	assert_true(call(&whole, EXPORT, VIEW(""), NULL, NULL));
	assert_true(rpc_client_has(&whole.client, "grpc-status: 16\n"));
	assert_true(call(&whole, EXPORT, VIEW(""), "authorization", "Bearer guessed"));
	assert_true(rpc_client_has(&whole.client, "grpc-status: 16\n"));
	assert_true(call(&whole, EXPORT, VIEW(""), "authorization", "Bearer secret"));
	assert_true(rpc_client_has(&whole.client, "grpc-status: 0\n"));
	end(&whole);
}

static void tenants_are_named(void **state)
{
	struct whole whole;
	BUF_AUTO bytes = { 0 };

	message(&bytes);
	begin(&whole, NULL, true);
	assert_true(call(&whole, EXPORT, buf_view(&bytes), NULL, NULL));
	assert_true(rpc_client_has(&whole.client, "grpc-status: 16\n"));
	assert_true(call(&whole, EXPORT, buf_view(&bytes), "x-scope-orgid", ".."));
	assert_true(rpc_client_has(&whole.client, "grpc-status: 16\n"));
	assert_true(call(&whole, EXPORT, buf_view(&bytes), "x-scope-orgid", "acme"));
	assert_true(rpc_client_has(&whole.client, "grpc-status: 0\n"));
	assert_int_equal(stored(&whole), 1);
	end(&whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_kept_and_counted),
		cmocka_unit_test(too_much_is_told_when_to_come_again),
		cmocka_unit_test(strangers_are_not_let_in),
		cmocka_unit_test(tenants_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
