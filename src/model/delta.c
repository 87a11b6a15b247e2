/* delta: what changed between two snapshots of one kind. */
#include "model/delta.h"

#include "model/copy.h"

static int check_types(const struct profile *a, const struct profile *b, struct err *err)
{
	bool same = a->n_types == b->n_types;

	for (size_t i = 0; same && i < a->n_types; i++)
		same = view_equal(profile_text(a, a->types[i].type),
			       profile_text(b, b->types[i].type)) &&
		       view_equal(profile_text(a, a->types[i].unit),
			       profile_text(b, b->types[i].unit));
	return same ? 0 : err_set(err, ERR_USAGE, "the snapshots have different sample types");
}

/* Viewers name a profile after its first mapping, whether a sample is in it or not. */
static void copy_program(const struct profile *from, struct profile *into)
{
	struct mapping program;

	if (from->n_mappings < 2)
		return;
	program = from->mappings[1];
	program.file = profile_string(into, profile_text(from, program.file));
	program.build_id = profile_string(into, profile_text(from, program.build_id));
	profile_mapping(into, &program);
}

/* What is there is never negative, so that its negative exists. */
static bool values_of(const struct profile *p, size_t sample, int sign, int64_t *ret)
{
	bool any = false;

	for (size_t k = 0; k < p->n_types; k++) {
		ret[k] = sign * p->values[sample * p->n_types + k];
		any |= ret[k] != 0;
	}
	return any;
}

/* Adds the samples that have a value other than 0. */
static int add_samples(const struct profile *from, int sign, bool with_header, struct profile *into,
	struct err *err)
{
	int64_t values[PROFILE_TYPES_MAX];
	struct copy copy;
	int rc = copy_init(&copy, from, into, err);

	if (rc == 0 && with_header)
		rc = copy_header(&copy, err);
	for (size_t i = 0; rc == 0 && i < from->n_samples && !into->failed; i++)
		if (values_of(from, i, sign, values))
			profile_add(into, copy_stack(&copy, from->samples[i].stack),
				copy_labels(&copy, from->samples[i].labels), values);
	copy_fini(&copy);
	if (rc == 0 && into->failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	return rc;
}

/* The counts only ever grow; if they do not, somebody began anew in between, and the second's hold.
 */
static void subtract(struct accounting *a, const struct accounting *first)
{
	struct accounting less = *a;

	if (first->attempted > a->attempted || first->complete > a->complete)
		return;
	less.attempted -= first->attempted;
	less.complete -= first->complete;
	for (int i = 0; i < TRUNCATED_REASONS; i++)
		less.truncated[i] -= first->truncated[i];
	for (int i = 0; i < LOST_REASONS; i++)
		less.lost[i] -= first->lost[i];
	if (accounting_balances(&less))
		*a = less;
}

int delta_of(const struct profile *first, const struct profile *second, struct profile **ret,
	struct err *err)
{
	PROFILE_AUTO sum = profile_new();
	PROFILE_AUTO made = profile_new();
	int rc = check_types(first, second, err);

	if (rc < 0)
		return rc;
	if (!sum || !made)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = add_samples(second, 1, true, sum, err);
	if (rc == 0)
		rc = add_samples(first, -1, false, sum, err);
	if (rc < 0)
		return rc;
	sum->duration_ns = second->time_ns - first->time_ns;
	subtract(&sum->accounting, &first->accounting);
	copy_program(second, made);
	rc = add_samples(sum, 1, true, made, err);
	if (rc < 0)
		return rc;
	*ret = made;
	made = NULL;
	return 0;
}
