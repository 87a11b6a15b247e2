/* fuzz_rpcd: any bytes as frames of HTTP/2, from a client that has introduced itself; what comes of
 * them is answered. */
#undef NDEBUG
#include <assert.h>

#include "net/rpcd_impl.h"

#define GREETING "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"
#define MESSAGES_MAX 20000
#define WAITING 4

struct fuzzed {
	struct rpcd_call *waiting[WAITING]; /* answered in the order in which they came */
	unsigned n;
};

static void answer(struct rpcd_call *call)
{
	struct rpcd_reply reply = { 0 };
	struct view message = rpcd_message(call);

	assert(rpcd_header(call, ":method") && !rpcd_header(call, "no such header"));
	if (message.len % 2) {
		rpcd_refuse(&reply, 3, "%.*s", (int)(message.len % 100), message.at);
		buf_add_text(&reply.details, "CAM=");
	} else {
		buf_add_view(&reply.message, message);
	}
	rpcd_session_answer(call, &reply);
}

/* Some wait for a while. */
static void ready(void *owner, struct rpcd_call *call)
{
	struct fuzzed *fuzzed = owner;

	if (fuzzed->n == WAITING) {
		answer(fuzzed->waiting[0]);
		for (unsigned i = 1; i < fuzzed->n; i++)
			fuzzed->waiting[i - 1] = fuzzed->waiting[i];
		fuzzed->n--;
	}
	fuzzed->waiting[fuzzed->n++] = call;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzzed fuzzed = { .n = 0 };
	struct rpcd_rules rules = { .options = { .messages_max = MESSAGES_MAX,
					    .calls_max = 8,
					    .time_ms = 1000,
					    .rate_min = 1,
					    .idle_ms = 1000 },
		.message_max = 10000,
		.ready = ready,
		.owner = &fuzzed };
	struct rpcd_session *session = rpcd_session_new(&rules, "fuzz");
	struct view rest = { (const char *)data, size };
	BUF_AUTO out = { 0 };

	assert(session);
	rpcd_session_read(session, (struct view){ GREETING, sizeof(GREETING) - 1 });
	while (rest.len && !rpcd_session_is_over(session)) {
		size_t len = rest.len < 100 ? rest.len : 100;

		rpcd_session_read(session, (struct view){ rest.at, len });
		rest = view_between(rest.at + len, view_end(rest));
		assert(rules.held <= MESSAGES_MAX);
		buf_clear(&out);
		rpcd_session_write(session, &out, 10000);
	}
	rpcd_session_look(session, UINT64_MAX);
	rpcd_session_close(session);
	rpcd_session_write(session, &out, 10000);
	if (size % 2)
		while (fuzzed.n)
			answer(fuzzed.waiting[--fuzzed.n]);
	rpcd_session_free(session);
	while (fuzzed.n)
		answer(fuzzed.waiting[--fuzzed.n]);
	assert(rules.held == 0);
	return 0;
}
