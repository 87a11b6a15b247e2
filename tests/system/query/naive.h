/* naive: what was pushed, as a list of samples that every answer is added up from anew. */
#ifndef NAIVE_H
#define NAIVE_H

#include "base/buf.h"
#include "model/strings.h"
#include "store/workload.h"

#define NAIVE_FRAMES_MAX 32
#define NAIVE_SPREAD_S (3 * 86400) /* of the profiles' times */

struct naive_sample {
	const struct workload_entry *of;
	uint32_t stack;
	int64_t values[2];
	bool has_span;
	struct store_span span;
	uint32_t names[NAIVE_FRAMES_MAX]; /* of frames, the root first; in naive->names */
	bool ends[NAIVE_FRAMES_MAX];      /* the frame is its location's innermost */
	size_t n_names;
};

struct naive {
	struct strings names;
	struct naive_sample *samples;
	size_t n, cap;
};

/* A condition, and whom it lets through. */
struct naive_matcher {
	struct matcher matcher;
	struct view values[3];
	size_t n_values;
};

struct naive_question {
	struct store_select select;
	struct naive_matcher matchers[3];
	struct matcher of_select[3];
	uint8_t traces[3][16], spans[2][8];
	uint32_t which; /* of the types */
	struct view group[2];
	size_t n_group;
	struct view path[4]; /* after the groups' names */
	size_t n_path;
};

void naive_add(struct naive *n, const struct workload_entry *e);
void naive_fini(struct naive *n);

/* A question about anything; its strings stay until three more were picked. */
void naive_pick(const struct naive *n, uint32_t *seed, struct naive_question *q);
void naive_drop(struct naive_question *q);

struct view naive_label(const struct workload_entry *e, struct view name);
/* In which step of the range a selected sample counts. */
size_t naive_point(const struct naive_question *q, const struct naive_sample *s, int64_t step_ns);
bool naive_selects(const struct naive_question *q, const struct naive_sample *s);
int64_t naive_total(const struct naive *n, const struct naive_question *q);

/* All that is selected; with only_below, what the path leads to. */
void naive_folded(
	const struct naive *n, const struct naive_question *q, bool only_below, struct buf *out);

#endif
