/* naive_pick: a question about anything. */
#include "testing.h"

#include "naive.h"

static const char *const LABELS[] = { "host", "pod", "service_name", "zone" };

static struct view pick_label(uint32_t *seed)
{
	return view_of(LABELS[random_next(seed) % 4]);
}

static void pick_matcher(uint32_t *seed, struct naive_matcher *m)
{
	static char texts[3][3][16];
	static char pattern[3][64];
	static unsigned next;
	unsigned at = next++ % 3;
	size_t len = 0;

	*m = (struct naive_matcher){ .matcher = { .name = pick_label(seed),
					     .op = (enum matcher_op)(random_next(seed) % 4) } };
	m->n_values = m->matcher.op == MATCHER_LIKE || m->matcher.op == MATCHER_NOT_LIKE
			      ? 1 + random_next(seed) % 3
			      : 1;
	for (size_t i = 0; i < m->n_values; i++) {
		const char *stem = view_equal(m->matcher.name, VIEW("pod"))    ? "pod-"
				   : view_equal(m->matcher.name, VIEW("host")) ? "h"
									       : "service-";

		snprintf(texts[at][i], sizeof(texts[at][i]), "%s%u", stem, random_next(seed) % 4);
		if (random_next(seed) % 6 == 0)
			texts[at][i][0] = '\0'; /* also those without the label */
		m->values[i] = view_of(texts[at][i]);
		len += (size_t)snprintf(pattern[at] + len, sizeof(pattern[at]) - len, "%s%s",
			i ? "|" : "", texts[at][i]);
	}
	m->matcher.value = view_of(pattern[at]);
}

static void pick_ids(uint32_t *seed, struct naive_question *q)
{
	unsigned how = random_next(seed) % 8;

	q->select.n_traces = how == 0 || how == 1 ? 1 + random_next(seed) % 3 : 0;
	q->select.n_spans = how == 1 || how == 2 ? 1 + random_next(seed) % 2 : 0;
	for (size_t i = 0; i < q->select.n_traces; i++)
		q->traces[i][15] = (uint8_t)(1 + random_next(seed) % 25);
	for (size_t i = 0; i < q->select.n_spans; i++)
		q->spans[i][7] = (uint8_t)(1 + random_next(seed) % 60);
	q->select.traces = q->select.n_traces ? (const uint8_t(*)[16])q->traces : NULL;
	q->select.spans = q->select.n_spans ? (const uint8_t(*)[8])q->spans : NULL;
}

/* A window of any size, often with whole hours in it. */
static void pick_range(uint32_t *seed, struct naive_question *q)
{
	uint32_t from_s = random_next(seed) % NAIVE_SPREAD_S, len_s = 1 << (random_next(seed) % 19);

	q->select.from_ns = WORKLOAD_START + from_s * WORKLOAD_SECOND;
	q->select.to_ns = q->select.from_ns + (len_s + random_next(seed) % len_s) * WORKLOAD_SECOND;
}

static void pick_path(const struct naive *n, uint32_t *seed, struct naive_question *q)
{
	const struct naive_sample *s = &n->samples[random_next(seed) % n->n];

	q->n_path = q->n_group ? 0 : random_next(seed) % 4;
	if (q->n_path > s->n_names)
		q->n_path = s->n_names;
	for (size_t i = 0; i < q->n_path; i++)
		q->path[i] = strings_at(&n->names, s->names[i]);
}

void naive_pick(const struct naive *n, uint32_t *seed, struct naive_question *q)
{
	*q = (struct naive_question){ .which = random_next(seed) % 2 };
	q->select.tenant = random_next(seed) % 8 ? VIEW("") : VIEW("other");
	q->select.type = workload_type(q->which);
	q->select.n_matchers = random_next(seed) % 4;
	for (size_t i = 0; i < q->select.n_matchers; i++) {
		pick_matcher(seed, &q->matchers[i]);
		q->of_select[i] = q->matchers[i].matcher;
		assert_int_equal(matcher_init(&q->of_select[i], NULL), 0);
	}
	q->select.matchers = q->of_select;
	pick_ids(seed, q);
	pick_range(seed, q);
	q->n_group = random_next(seed) % 3;
	for (size_t i = 0; i < q->n_group; i++)
		do
			q->group[i] = pick_label(seed);
		while (i && view_equal(q->group[0], q->group[1]));
	pick_path(n, seed, q);
}

void naive_drop(struct naive_question *q)
{
	for (size_t i = 0; i < q->select.n_matchers; i++)
		matcher_fini(&q->of_select[i]);
}
