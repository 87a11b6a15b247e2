/* test_pprof_encode: what was a profile is the same profile again. */
#include "sample_profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/pprof_format.h"

static struct profile *again(const struct profile *p)
{
	struct profile *back = profile_new();
	BUF_AUTO m = { 0 };

	assert_int_equal(pprof_encode(p, &m, NULL), 0);
	assert_int_equal(pprof_decode(buf_view(&m), back, NULL), 0);
	return back;
}

#define assert_text_equal(a, a_id, b, b_id) \
	assert_true(view_equal(profile_text(a, a_id), profile_text(b, b_id)))

static void the_header_survives(void **state)
{
	PROFILE_AUTO p = sample_profile();
	PROFILE_AUTO q = again(p);

	assert_totals_equal(p, q);
	assert_true(p->time_ns == q->time_ns && p->duration_ns == q->duration_ns);
	assert_true(p->period == q->period);
	assert_text_equal(p, p->period_type.type, q, q->period_type.type);
	assert_text_equal(p, p->default_type, q, q->default_type);
	assert_text_equal(p, p->drop_frames, q, q->drop_frames);
	assert_text_equal(p, p->keep_frames, q, q->keep_frames);
	assert_text_equal(p, p->doc_url, q, q->doc_url);
	assert_int_equal(q->n_comments, 1);
	assert_text_equal(p, p->comments[0], q, q->comments[0]);
	assert_memory_equal(&p->accounting, &q->accounting, sizeof(p->accounting));
}

static void locations_and_mappings_survive(void **state)
{
	PROFILE_AUTO p = sample_profile();
	PROFILE_AUTO q = again(p);

	assert_int_equal(p->n_locations, q->n_locations);
	for (size_t i = 0; i < p->n_locations; i++) {
		assert_true(p->locations[i].address == q->locations[i].address);
		assert_int_equal(p->locations[i].mapping, q->locations[i].mapping);
		assert_int_equal(p->locations[i].n_lines, q->locations[i].n_lines);
		assert_int_equal(p->locations[i].is_folded, q->locations[i].is_folded);
	}
	assert_int_equal(p->n_lines, q->n_lines);
	for (size_t i = 0; i < p->n_lines; i++)
		assert_true(p->lines[i].function == q->lines[i].function &&
			    p->lines[i].line == q->lines[i].line &&
			    p->lines[i].column == q->lines[i].column);
	assert_int_equal(p->n_mappings, q->n_mappings);
	for (size_t i = 1; i < p->n_mappings; i++) {
		assert_true(p->mappings[i].start == q->mappings[i].start &&
			    p->mappings[i].limit == q->mappings[i].limit &&
			    p->mappings[i].offset == q->mappings[i].offset);
		assert_text_equal(p, p->mappings[i].file, q, q->mappings[i].file);
		assert_text_equal(p, p->mappings[i].build_id, q, q->mappings[i].build_id);
		assert_int_equal(p->mappings[i].has_functions, q->mappings[i].has_functions);
	}
}

static void samples_and_labels_survive(void **state)
{
	PROFILE_AUTO p = sample_profile();
	PROFILE_AUTO q = again(p);

	assert_int_equal(p->n_samples, q->n_samples);
	for (size_t i = 0; i < p->n_samples; i++) {
		const struct label_set *a = &p->label_sets[p->samples[i].labels];
		const struct label_set *b = &q->label_sets[q->samples[i].labels];
		uint32_t x = p->samples[i].stack, y = q->samples[i].stack;

		assert_int_equal(a->count, b->count);
		for (uint32_t l = 0; l < a->count; l++) {
			const struct label *c = &p->labels[a->first + l];
			const struct label *d = &q->labels[b->first + l];

			assert_text_equal(p, c->key, q, d->key);
			assert_text_equal(p, c->str, q, d->str);
			assert_text_equal(p, c->unit, q, d->unit);
			assert_true(c->num == d->num);
		}
		for (; x && y; x = p->stacks.nodes[x].parent, y = q->stacks.nodes[y].parent)
			assert_int_equal(p->stacks.nodes[x].location, q->stacks.nodes[y].location);
		assert_int_equal(x, y);
	}
	assert_memory_equal(p->values, q->values, p->n_values * sizeof(*p->values));
}

static void an_empty_profile_is_one(void **state)
{
	PROFILE_AUTO p = profile_new();
	PROFILE_AUTO q = again(p);

	assert_int_equal(q->n_types, 0);
	assert_int_equal(q->n_samples, 0);
}

/* The reference reader agrees about what we wrote. */
static void go_tool_pprof_reads_the_same(void **state)
{
	static const char *const lines[] = { "samples/count[dflt] cpu/nanoseconds",
		"Period: 10101010", "PeriodType: cpu nanoseconds", "thread:[worker]",
		"bytes:[-5 kilobytes]", "0x1340 M=1", "[F] inlined :7", "main /src/a.c:13",
		"do_syscall /src/a.c:12", "1: 0x1000/0x9000/0x1000 /usr/bin/program c0ffee [FN]" };
	char path[] = "/tmp/flyover-test-XXXXXX", command[256], text[8192];
	PROFILE_AUTO p = sample_profile();
	BUF_AUTO out = { 0 };
	FILE *pipe;
	size_t len;
	int fd;

	if (system("go version >/dev/null 2>&1") != 0) {
		print_message("no go tool here: not compared with it\n");
		skip();
	}
	assert_int_equal(codec_pprof.encode(p, &out, NULL), 0);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, out.at, out.len), out.len);
	close(fd);
	snprintf(command, sizeof(command), "PPROF_TMPDIR=/tmp go tool pprof -raw %s 2>&1", path);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	len = fread(text, 1, sizeof(text) - 1, pipe);
	text[len] = '\0';
	assert_int_equal(pclose(pipe), 0);
	unlink(path);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (!strstr(text, lines[i]))
			fail_msg("no \"%s\" in:\n%s", lines[i], text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_header_survives),
		cmocka_unit_test(locations_and_mappings_survive),
		cmocka_unit_test(samples_and_labels_survive),
		cmocka_unit_test(an_empty_profile_is_one),
		cmocka_unit_test(go_tool_pprof_reads_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
