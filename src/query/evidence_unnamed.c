/* evidence_unnamed: how much of a selection has frames without a name. */
#include "query/evidence_unnamed.h"

#include <stdlib.h>

#include "debuginfo/latenames.h"
#include "model/profile.h"

#define NOT_TOLD (EVIDENCE_UNNAMED_BUILDS_MAX - 1) /* the bit of all builds past those */
#define FRAME_BYTES 100u

/* The frames of one dictionary. */
struct frames_of {
	struct evidence_unnamed *into;
	const struct sums *sums;
	struct profile *scratch;
	bool *is_address;   /* owned; of a frame */
	uint32_t *location; /* owned; of a frame, in scratch, plus one */
	uint64_t *builds; /* owned; of a stack: a bit for each build with a nameless frame in it */
	size_t n_frames;
};

static int find_build(struct frames_of *f, const struct location *at, unsigned *ret)
{
	const struct mapping *mapping = &f->scratch->mappings[at->mapping];
	struct view id = profile_text(f->scratch, mapping->build_id);
	struct view file = profile_text(f->scratch, mapping->file);
	struct evidence_unnamed *into = f->into;
	struct evidence_unnamed_build *build;
	uint32_t id_text, file_text;

	for (unsigned i = 0; i < into->n; i++)
		if (view_equal(into->builds[i].build_id, id) &&
			view_equal(into->builds[i].file, file)) {
			*ret = i;
			return 0;
		}
	*ret = NOT_TOLD;
	if (into->n == NOT_TOLD)
		return 0;
	id_text = strings_add(&into->texts, id);
	file_text = strings_add(&into->texts, file);
	if (id_text == STRINGS_NONE || file_text == STRINGS_NONE)
		return ERR_NOMEM;
	*ret = (unsigned)into->n;
	build = &into->builds[into->n++];
	*build = (struct evidence_unnamed_build){ strings_at(&into->texts, id_text),
		strings_at(&into->texts, file_text), 0, 0 };
	return 0;
}

/* Frames that occur and came as addresses, in the scratch. False: there are none. */
static bool collect(struct frames_of *f)
{
	bool any = false;

	for (size_t i = 1; i < f->sums->n; i++) {
		uint32_t frame = f->sums->nodes[i].frame;

		if (!f->sums->weight[i] || frame >= f->n_frames || !f->is_address[frame] ||
			f->location[frame])
			continue;
		f->location[frame] =
			dictionary_location(f->sums->dictionary, frame, f->scratch) + 1;
		any = true;
	}
	return any;
}

static int bit_of(struct frames_of *f, uint32_t frame, bool *counted, uint64_t *ret)
{
	const struct location *at;
	unsigned build;
	int rc;

	*ret = 0;
	if (frame >= f->n_frames || !f->location[frame])
		return 0;
	at = &f->scratch->locations[f->location[frame] - 1];
	if (at->n_lines)
		return 0;
	rc = find_build(f, at, &build);
	*ret = UINT64_C(1) << build;
	if (!counted[frame]) {
		counted[frame] = true;
		f->into->frames++;
		if (build < f->into->n)
			f->into->builds[build].frames++;
	}
	return rc;
}

/* A parent's number is lower than its children's. */
static int add_all(struct frames_of *f, bool *counted)
{
	struct evidence_unnamed *into = f->into;
	int rc = 0;

	for (size_t i = 1; rc == 0 && i < f->sums->n; i++) {
		uint64_t own = 0, all;

		if (f->sums->weight[i])
			rc = bit_of(f, f->sums->nodes[i].frame, counted, &own);
		all = f->builds[i] = f->builds[f->sums->nodes[i].parent] | own;
		if (all)
			into->total = sums_plus(into->total, f->sums->self[i]);
		for (; all; all &= all - 1) {
			unsigned build = (unsigned)__builtin_ctzll(all);

			if (build < into->n)
				into->builds[build].total =
					sums_plus(into->builds[build].total, f->sums->self[i]);
		}
	}
	return rc;
}

static int name_and_add(struct frames_of *f, const struct evidence_unnamed_options *options)
{
	struct latenames_figures figures;
	bool *counted;
	int rc;

	if (!collect(f))
		return f->scratch->failed ? ERR_NOMEM : 0;
	latenames_apply(options->late, options->tenant, f->scratch, &figures);
	if (f->scratch->failed)
		return ERR_NOMEM;
	if (!figures.unnamed)
		return 0;
	counted = calloc(f->n_frames + 1, sizeof(*counted));
	f->builds = calloc(f->sums->n + 1, sizeof(*f->builds));
	rc = counted && f->builds ? add_all(f, counted) : ERR_NOMEM;
	free(counted);
	return rc;
}

int evidence_unnamed_add(struct evidence_unnamed *unnamed, const struct sums *sums,
	const struct evidence_unnamed_options *options, struct err *err)
{
	struct frames_of f = {
		.into = unnamed, .sums = sums, .n_frames = dictionary_frames(sums->dictionary)
	};
	size_t bytes = f.n_frames * 8 + sums->n * sizeof(*f.builds);
	size_t n_addresses;
	int rc = 0;

	if (!budget_take(options->budget, bytes))
		return budget_error(options->budget, err);
	f.is_address = calloc(f.n_frames + 1, sizeof(*f.is_address));
	f.location = calloc(f.n_frames + 1, sizeof(*f.location));
	f.scratch = profile_new();
	if (!f.is_address || !f.location || !f.scratch)
		rc = ERR_NOMEM;
	n_addresses =
		rc == 0 ? dictionary_addresses(sums->dictionary, f.is_address, f.n_frames) : 0;
	if (n_addresses && budget_take(options->budget, n_addresses * FRAME_BYTES)) {
		rc = name_and_add(&f, options);
		budget_give(options->budget, n_addresses * FRAME_BYTES);
	} else if (n_addresses) {
		rc = ERR_NOMEM;
	}
	budget_give(options->budget, bytes);
	profile_free(f.scratch);
	free(f.is_address);
	free(f.location);
	free(f.builds);
	return rc < 0 ? budget_error(options->budget, err) : 0;
}

static int by_total(const void *a, const void *b)
{
	const struct evidence_unnamed_build *x = a, *y = b;

	if (x->total != y->total)
		return x->total < y->total ? 1 : -1;
	return view_compare(x->build_id, y->build_id);
}

void evidence_unnamed_sort(struct evidence_unnamed *unnamed)
{
	if (unnamed->n)
		qsort(unnamed->builds, unnamed->n, sizeof(*unnamed->builds), by_total);
}

void evidence_unnamed_fini(struct evidence_unnamed *unnamed)
{
	strings_fini(&unnamed->texts);
	*unnamed = (struct evidence_unnamed){ 0 };
}
