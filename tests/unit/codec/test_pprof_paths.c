/* test_pprof_paths: stacks that are read from the root's end come out as they went in. */
#include "codec/pprof_paths.h"

#include "base/buf.h"
#include "base/hash.h"
#include "pprof_message.h"
#include "wire/proto.h"

#define SAMPLES 4000
#define DEPTH_MAX 90

static int depth_of(uint32_t i)
{
	return (int)(hash_u64(i) % DEPTH_MAX);
}

/* A random program of 20,000 places: ids of one to three bytes, most near the root are shared. */
static uint64_t frame_of(uint32_t i, int from_root)
{
	uint64_t kind = (uint64_t)from_root < 4 ? 0 : i % 97 >> (from_root < 40 ? 4 : 0);
	uint64_t h = hash_u64(kind * 1000 + (uint64_t)from_root);

	if (from_root > 60)
		h = hash_u64(h + i);
	return 1 + h % (h % 3 ? 300 : 20000);
}

static void put_run(struct buf *out, uint32_t i)
{
	size_t begun = proto_begin(out, PPROF_SAMPLE_LOCATION);

	for (int k = depth_of(i); k-- > 0;)
		proto_put_varint(out, frame_of(i, k));
	proto_end(out, begun);
}

/* Runs that were followed before, then a second run or a single id nearer to the root. */
static void put_more(struct buf *out, uint32_t i)
{
	if (i % 11 == 5)
		proto_put_bytes(out, PPROF_SAMPLE_LOCATION, VIEW("\x09\x08"));
	if (i % 13 == 5)
		proto_put_number(out, PPROF_SAMPLE_LOCATION, 7);
}

static void put_all(struct buf *m)
{
	PUT(m, PPROF_SAMPLE_TYPE, 1, 1, 2, 2);
	for (uint32_t i = 0; i < SAMPLES; i++) {
		size_t begun = proto_begin(m, PPROF_SAMPLE);

		put_run(m, i);
		put_more(m, i);
		proto_put_number(m, PPROF_SAMPLE_VALUE, 1);
		proto_end(m, begun);
	}
	for (uint64_t i = 1; i <= 20000; i++)
		PUT(m, PPROF_LOCATION, PPROF_LOCATION_ID, i, PPROF_LOCATION_ADDRESS, i);
	put_strings(m);
}

static uint32_t pushed(struct profile *p, uint32_t i)
{
	uint32_t stack = STACK_EMPTY;

	if (i % 13 == 5)
		stack = profile_push(p, stack, 6);
	if (i % 11 == 5) {
		stack = profile_push(p, stack, 7);
		stack = profile_push(p, stack, 8);
	}
	for (int k = 0; k < depth_of(i); k++)
		stack = profile_push(p, stack, (uint32_t)frame_of(i, k) - 1);
	return stack;
}

static void every_stack_is_what_its_frames_are_one_by_one(void **state)
{
	BUF_AUTO m = { 0 };
	PROFILE_AUTO p = NULL;
	size_t nodes, samples;
	int64_t value = 1;

	put_all(&m);
	p = accepted(&m);
	nodes = p->stacks.count;
	samples = p->n_samples;
	assert_int_equal(profile_total(p, 0), SAMPLES);
	/* Each stack is there, and each has as many samples as the message had. */
	value = -1;
	for (uint32_t i = 0; i < SAMPLES; i++)
		profile_add(p, pushed(p, i), 0, &value);
	assert_int_equal(p->stacks.count, nodes);
	assert_int_equal(p->n_samples, samples);
	for (size_t i = 0; i < p->n_samples; i++)
		assert_int_equal(p->values[i], 0);
}

static void what_is_wrong_behind_known_frames_is_found(void **state)
{
	static const char good[] = "\x02\x01\x02\x01\x02\x01\x02\x01\x02\x01\x02\x01"
				   "\x02\x01\x02\x01\x02\x01\x02\x01\x02\x01\x02\x01";
	BUF_AUTO m = { 0 };

	for (int i = 0; i < 3 * PPROF_PATHS_BATCH; i++) {
		size_t begun = proto_begin(&m, PPROF_SAMPLE);

		proto_put_bytes(&m, PPROF_SAMPLE_LOCATION, view_of(good));
		proto_put_number(&m, PPROF_SAMPLE_VALUE, 1);
		proto_end(&m, begun);
	}
	for (int wrong = 0; wrong < 2; wrong++) {
		BUF_AUTO run = { 0 };
		BUF_AUTO message = { 0 };
		size_t begun;

		buf_add_char(&run, wrong ? 5 : 0);
		buf_add_view(&run, view_of(good));
		buf_add_view(&message, buf_view(&m));
		begun = proto_begin(&message, PPROF_SAMPLE);
		proto_put_bytes(&message, PPROF_SAMPLE_LOCATION, buf_view(&run));
		proto_put_number(&message, PPROF_SAMPLE_VALUE, 1);
		proto_end(&message, begun);
		put_tables(&message);
		put_strings(&message);
		assert_refused(&message, ERR_CORRUPT,
			wrong ? "a sample at location 5, which is nowhere"
			      : "a sample at location 0, which is nowhere");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_stack_is_what_its_frames_are_one_by_one),
		cmocka_unit_test(what_is_wrong_behind_known_frames_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
