/*
 * bench_folded: reading and writing folded stacks, in MB/s of text.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "codec/folded_format.h"
#include "model/profile.h"
#include "synthetic.h"

#define ROUNDS 7

static int by_size(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

int main(void)
{
	const struct synthetic options = { 30000, 4000, 25, 50, 0 };
	double reading[ROUNDS], writing[ROUNDS];
	struct profile *p = synthetic_profile(&options);
	struct buf text = { 0 };

	if (!p || folded_encode(p, &text, NULL) < 0)
		return 1;
	for (int i = 0; i < ROUNDS; i++) {
		struct profile *again = profile_new();
		struct buf out = { 0 };
		uint64_t start = clock_monotonic_ns(), middle;

		if (folded_decode(buf_view(&text), again, NULL) < 0)
			return 1;
		middle = clock_monotonic_ns();
		if (folded_encode(again, &out, NULL) < 0 || out.len != text.len)
			return 1;
		reading[i] = (double)text.len * 1000 / (double)(middle - start);
		writing[i] = (double)text.len * 1000 / (double)(clock_monotonic_ns() - middle);
		buf_fini(&out);
		profile_free(again);
	}
	qsort(reading, ROUNDS, sizeof(double), by_size);
	qsort(writing, ROUNDS, sizeof(double), by_size);
	printf("%zu bytes, %zu stacks: read %.0f MB/s, written %.0f MB/s\n", text.len, p->n_samples,
		reading[ROUNDS / 2], writing[ROUNDS / 2]);
	buf_fini(&text);
	profile_free(p);
	return 0;
}
