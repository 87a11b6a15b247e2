/* fuzz_pyroscope_request: any bytes as a request to querier.v1, in both forms, and as a query of
 * the older routes; what is understood lies within the bytes and can be asked. */
#undef NDEBUG
#include <assert.h>

#include "server/pyroscope_appquery.h"
#include "server/pyroscope_messages.h"
#include "server/pyroscope_question.h"

static const struct protojson_message *const messages[] = { &pyroscope_messages_types_request,
	&pyroscope_messages_names_request, &pyroscope_messages_values_request,
	&pyroscope_messages_series_request, &pyroscope_messages_stacks_request,
	&pyroscope_messages_spans_request, &pyroscope_messages_profile_request,
	&pyroscope_messages_diff_request, &pyroscope_messages_points_request,
	&pyroscope_messages_heatmap_request, &pyroscope_messages_stats_request,
	&pyroscope_messages_analyze_request };

static void check_inside(struct view part, struct view whole)
{
	assert(part.len == 0 || (part.at >= whole.at && view_end(part) <= view_end(whole)));
}

static void check_texts(const struct pyroscope_texts *texts, struct view whole)
{
	assert(texts->n <= PYROSCOPE_REQUEST_TEXTS_MAX);
	for (size_t i = 0; i < texts->n; i++)
		check_inside(texts->at[i], whole);
}

static void ask(const struct pyroscope_request *request)
{
	struct pyroscope_question question;
	struct err err = { 0 };
	struct store_type type = { VIEW("a"), VIEW("b"), VIEW("c"), VIEW("d"), VIEW("e") };

	if (pyroscope_question_profiles(&question, request, VIEW(""), &err) == 0) {
		assert(question.select.from_ns < question.select.to_ns);
		assert(question.select.n_matchers + question.n_type_matchers ==
			question.selector.n_matchers);
		pyroscope_question_meets(&question, &type);
	} else {
		assert(err.code && err.text[0]);
	}
	pyroscope_question_fini(&question);
}

static void read(const struct protojson_message *message, struct view bytes)
{
	struct pyroscope_request request;
	struct err err = { 0 };

	if (pyroscope_request_read(message, bytes, &request, &err) < 0) {
		assert(err.code && err.text[0]);
		return;
	}
	assert(request.n_call_site <= PYROSCOPE_REQUEST_CALLS_MAX);
	check_inside(request.type, bytes);
	check_inside(request.selector, bytes);
	check_inside(request.left, bytes);
	check_texts(&request.matchers, bytes);
	check_texts(&request.group_by, bytes);
	check_texts(&request.spans, bytes);
	ask(&request);
}

static void read_query(struct view text)
{
	struct pyroscope_appquery query;
	struct pyroscope_request request = { .start_ms = 1, .end_ms = 2 };

	if (pyroscope_appquery_read(&query, text, NULL) == 0) {
		request.type = query.type;
		request.selector = query.selector;
		ask(&request);
	}
	pyroscope_appquery_fini(&query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view bytes = { (const char *)data, size };

	for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		BUF_AUTO message = { .max = 1 << 20 };

		read(messages[i], bytes);
		if (protojson_read(messages[i], bytes, &message, NULL) == 0)
			read(messages[i], buf_view(&message));
	}
	read_query(bytes);
	return 0;
}
