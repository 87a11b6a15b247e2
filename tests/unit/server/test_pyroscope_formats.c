/* test_pyroscope_formats: one profile, every form. */
#include "testing.h"

#include "codec/pprof_format.h"
#include "server/pyroscope_formats.h"
#include "server/pyroscope_messages.h"
#include "wire/proto.h"

static struct profile *sample(void)
{
	struct profile *p = profile_new();
	int64_t three = 3;
	uint32_t root;

	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	root = profile_push(p, STACK_EMPTY, profile_named(p, VIEW("main")));
	profile_add(p, profile_push(p, root, profile_named(p, VIEW("work\xff"))), 0, &three);
	return p;
}

/* The one field of the reply. */
static struct proto_field put(uint64_t format, struct buf *out)
{
	struct pyroscope_request request = { .format = format };
	struct proto_field field, more;
	PROFILE_AUTO p = sample();
	struct proto in;

	assert_int_equal(pyroscope_formats_put(&request, p, out, NULL), 0);
	in = proto_of(buf_view(out));
	assert_true(proto_next(&in, &field));
	assert_false(proto_next(&in, &more));
	assert_null(in.wrong);
	return field;
}

static bool has(struct view bytes, const char *part)
{
	return memmem(bytes.at, bytes.len, part, strlen(part));
}

static void each_format_has_its_field(void **state)
{
	static const struct {
		uint64_t format;
		uint32_t id;
		const char *part;
	} all[] = { { FORMAT_UNSAID, STACKS_REPLY_FLAMEGRAPH, "total" },
		{ FORMAT_FLAMEGRAPH, STACKS_REPLY_FLAMEGRAPH, "work\xef\xbf\xbd" },
		{ FORMAT_TREE, STACKS_REPLY_TREE, "\4main" },
		{ FORMAT_DOT, STACKS_REPLY_DOT, "digraph" },
		{ FORMAT_PPROF, STACKS_REPLY_PPROF, "work\xef\xbf\xbd" } };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		BUF_AUTO out = { 0 };
		struct proto_field field = put(all[i].format, &out);

		assert_int_equal(field.id, all[i].id);
		assert_true(has(field.bytes, all[i].part));
	}
}

static void a_format_that_is_none_is_said_so(void **state)
{
	struct pyroscope_request request = { .format = 9 };
	PROFILE_AUTO p = sample();
	BUF_AUTO out = { 0 };

	assert_int_equal(pyroscope_formats_put(&request, p, &out, NULL), ERR_USAGE);
}

static void a_pprof_reads_back(void **state)
{
	PROFILE_AUTO p = sample();
	PROFILE_AUTO back = profile_new();
	BUF_AUTO out = { 0 };

	assert_int_equal(pyroscope_formats_pprof(p, &out, NULL), 0);
	assert_int_equal(pprof_decode(buf_view(&out), back, NULL), 0);
	assert_int_equal(profile_total(back, 0), 3);
}

static void nodes_have_a_limit(void **state)
{
	struct pyroscope_request request = { 0 };
	struct err err;
	size_t nodes;

	assert_int_equal(pyroscope_formats_nodes(&request, &nodes, NULL), 0);
	assert_int_equal(nodes, PYROSCOPE_NODES_DEFAULT);
	request.nodes_max = -1;
	assert_int_equal(pyroscope_formats_nodes(&request, &nodes, NULL), 0);
	assert_int_equal(nodes, PYROSCOPE_NODES_DEFAULT);
	request.nodes_max = PYROSCOPE_NODES_MAX;
	assert_int_equal(pyroscope_formats_nodes(&request, &nodes, NULL), 0);
	assert_int_equal(nodes, PYROSCOPE_NODES_MAX);
	request.nodes_max++;
	assert_int_equal(pyroscope_formats_nodes(&request, &nodes, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "1048576 at most"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_format_has_its_field),
		cmocka_unit_test(a_format_that_is_none_is_said_so),
		cmocka_unit_test(a_pprof_reads_back),
		cmocka_unit_test(nodes_have_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
