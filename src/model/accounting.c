/* accounting: where every sample of a capture went. */
#include "model/accounting.h"

#include <stddef.h>

#define PREFIX "flyover.capture"

static const char *const truncated_names[TRUNCATED_REASONS] = {
	[TRUNCATED_DEPTH] = "depth",
	[TRUNCATED_NO_TABLE] = "no_table",
	[TRUNCATED_BAD_FRAME] = "bad_frame",
	[TRUNCATED_MEMORY] = "memory",
	[TRUNCATED_SLICE] = "slice",
	[TRUNCATED_JIT] = "jit",
};

static const char *const lost_names[LOST_REASONS] = {
	[LOST_RING_FULL] = "ring_full",
	[LOST_THROTTLED] = "throttled",
	[LOST_PROCESS_GONE] = "process_gone",
	[LOST_NOT_PERMITTED] = "not_permitted",
	[LOST_NO_MEMORY] = "no_memory",
};

const char *truncated_name(enum truncated_reason reason)
{
	return truncated_names[reason];
}

const char *lost_name(enum lost_reason reason)
{
	return lost_names[reason];
}

uint64_t accounting_truncated(const struct accounting *a)
{
	uint64_t sum = 0;

	for (int i = 0; i < TRUNCATED_REASONS; i++)
		sum += a->truncated[i];
	return sum;
}

uint64_t accounting_lost(const struct accounting *a)
{
	uint64_t sum = 0;

	for (int i = 0; i < LOST_REASONS; i++)
		sum += a->lost[i];
	return sum;
}

bool accounting_balances(const struct accounting *a)
{
	return a->attempted == a->complete + accounting_truncated(a) + accounting_lost(a);
}

void accounting_merge(struct accounting *into, const struct accounting *from)
{
	if (!from->known)
		return;
	into->known = true;
	into->attempted += from->attempted;
	into->complete += from->complete;
	for (int i = 0; i < TRUNCATED_REASONS; i++)
		into->truncated[i] += from->truncated[i];
	for (int i = 0; i < LOST_REASONS; i++)
		into->lost[i] += from->lost[i];
	into->idle_ticks += from->idle_ticks;
	into->all_ticks += from->all_ticks;
	into->cpus = from->cpus > into->cpus ? from->cpus : into->cpus;
	into->hz = from->hz > into->hz ? from->hz : into->hz;
	into->whole_host |= from->whole_host;
}

/* The numbers that have a name of their own, in the order of the comment. */
static uint64_t *field_of(struct accounting *a, size_t i, const char **ret_name)
{
	static const struct {
		const char *name;
		size_t offset;
	} fields[] = {
		{ "attempted", offsetof(struct accounting, attempted) },
		{ "complete", offsetof(struct accounting, complete) },
		{ "idle_ticks", offsetof(struct accounting, idle_ticks) },
		{ "all_ticks", offsetof(struct accounting, all_ticks) },
		{ "cpus", offsetof(struct accounting, cpus) },
		{ "hz", offsetof(struct accounting, hz) },
	};

	if (i >= sizeof(fields) / sizeof(fields[0]))
		return NULL;
	*ret_name = fields[i].name;
	return (uint64_t *)((char *)a + fields[i].offset);
}

void accounting_to_comment(const struct accounting *a, struct buf *out)
{
	struct accounting copy = *a;
	const char *name;
	uint64_t *number;

	buf_add_text(out, PREFIX);
	for (size_t i = 0; (number = field_of(&copy, i, &name)); i++)
		buf_add_format(out, " %s=%llu", name, (unsigned long long)*number);
	for (int i = 0; i < TRUNCATED_REASONS; i++)
		if (a->truncated[i])
			buf_add_format(out, " truncated.%s=%llu", truncated_names[i],
				(unsigned long long)a->truncated[i]);
	for (int i = 0; i < LOST_REASONS; i++)
		if (a->lost[i])
			buf_add_format(out, " lost.%s=%llu", lost_names[i],
				(unsigned long long)a->lost[i]);
	if (a->whole_host)
		buf_add_text(out, " whole_host=1");
}

static uint64_t *reason_of(struct accounting *a, struct view word)
{
	if (view_starts(word, VIEW("truncated."))) {
		struct view name = view_between(word.at + sizeof("truncated.") - 1, view_end(word));

		for (int i = 0; i < TRUNCATED_REASONS; i++)
			if (view_equal(name, view_of(truncated_names[i])))
				return &a->truncated[i];
	}
	if (view_starts(word, VIEW("lost."))) {
		struct view name = view_between(word.at + sizeof("lost.") - 1, view_end(word));

		for (int i = 0; i < LOST_REASONS; i++)
			if (view_equal(name, view_of(lost_names[i])))
				return &a->lost[i];
	}
	return NULL;
}

static void set_word(struct accounting *a, struct view word, uint64_t number)
{
	uint64_t *place = reason_of(a, word);
	const char *name;

	for (size_t i = 0; !place && field_of(a, i, &name); i++)
		if (view_equal(word, view_of(name)))
			place = field_of(a, i, &name);
	if (place)
		*place = number;
	else if (view_equal(word, VIEW("whole_host")))
		a->whole_host = number != 0;
	/* A word that a later version added is skipped; if it was a reason, the sums will not
	 * balance. */
}

bool accounting_from_comment(struct view line, struct accounting *ret)
{
	struct accounting a = { .known = true };
	bool more = true;

	if (!view_starts(line, VIEW(PREFIX " ")))
		return false;
	view_take(&line, ' ', &more);
	while (more) {
		struct view rest = view_take(&line, ' ', &more);
		bool has_value;
		struct view word = view_take(&rest, '=', &has_value);
		uint64_t number;

		if (!has_value || !view_to_u64(rest, &number))
			return false;
		set_word(&a, word, number);
	}
	if (!accounting_balances(&a))
		return false;
	*ret = a;
	return true;
}
