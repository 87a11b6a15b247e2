/* gorows: rows for the code that Go compiled, from its own table of functions. */
#include "unwind/gorows.h"

#include "bpf/unwind_abi.h"
#include "object/pclntab.h"
#include "unwind/rowlist.h"
#include "unwind/ruleset.h"
#include "unwind/unwind_table.h"

#define VALUES_MAX UNWIND_TABLE_ROWS_MAX /* read in all: functions may share their tables */
#define FRAME_MAX (1 << 30)
#define SIGCONTEXT_OFFSET 40 /* in the kernel's signal frame, from rsp on */

enum go_kind { GO_PLAIN, GO_END, GO_SWITCH, GO_SIGNAL, GO_NO_FP };

/* The runtime's functions that are not what they seem. */
static const struct {
	const char *name;
	enum go_kind kind;
} known[] = {
	{ "runtime.goexit", GO_END },
	{ "runtime.mstart", GO_END },
	{ "runtime.rt0_go", GO_END },
	/* They leave one stack for good: Go's own tracebacks end here, too. */
	{ "runtime.mcall", GO_END },
	{ "runtime.morestack", GO_END },
	{ "runtime.morestack_noctxt", GO_END },
	{ "runtime.gogo", GO_END },
	{ "runtime.systemstack", GO_SWITCH },
	{ "runtime.asmcgocall", GO_SWITCH },
	{ "runtime.cgocallback", GO_SWITCH },
	{ "runtime.sigreturn", GO_SIGNAL },
	{ "runtime.sigreturn__sigaction", GO_SIGNAL },
	/* The kernel calls it: on top of a signal frame, not of a stack. */
	{ "runtime.sigtramp", GO_NO_FP },
	{ "runtime.cgoSigtramp", GO_NO_FP },
	{ "crosscall2", GO_NO_FP },
};

static enum go_kind kind_of(const struct pclntab_function *f)
{
	struct view name = f->name;

	if (view_ends(name, VIEW(".abi0")))
		name.len -= sizeof(".abi0") - 1;
	if (view_starts(name, VIEW("runtime.")) || view_starts(name, VIEW("crosscall")))
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			if (view_equal(name, view_of(known[i].name)))
				return known[i].kind;
	return f->flags & PCLNTAB_TOP_FRAME ? GO_END : GO_PLAIN;
}

static struct unwind_rule rule_of(enum go_kind kind, int32_t depth)
{
	struct unwind_rule rule = { .cfa = UNWIND_CFA_RSP, .offset = depth + 8 };

	if (kind == GO_NO_FP) {
		rule.fp = UNWIND_FP_UNKNOWN;
	} else if (depth >= 8) {
		rule.fp = UNWIND_FP_AT_CFA;
		rule.fp_offset = -16;
	}
	return rule;
}

static uint32_t fixed_rule(struct ruleset *rules, enum go_kind kind)
{
	struct unwind_rule rule = { .cfa = UNWIND_CFA_END };

	if (kind == GO_SWITCH)
		rule.cfa = UNWIND_CFA_SWITCH;
	else if (kind == GO_SIGNAL)
		rule = (struct unwind_rule){ .cfa = UNWIND_CFA_SIGNAL,
			.offset = SIGCONTEXT_OFFSET };
	return ruleset_add(rules, &rule);
}

struct go_reader {
	const struct pclntab *table;
	struct ruleset *rules;
	struct rowlist *rows;
	size_t budget; /* values that may still be read */
};

static void add_values(struct go_reader *r, const struct pclntab_function *f, enum go_kind kind,
	const uint64_t range[static 2])
{
	struct pclntab_values values;

	rowlist_add(r->rows, range[0], RULESET_NONE);
	pclntab_values_start(r->table, f, f->sp_values, &values);
	while (r->budget && pclntab_values_next(r->table, &values)) {
		struct unwind_rule rule = { .cfa = UNWIND_CFA_UNSUPPORTED };
		uint64_t from = values.start < range[0] ? range[0] : values.start;

		r->budget--;
		if (from >= range[1])
			return;
		if (values.end <= from)
			continue;
		if (values.value >= 0 && values.value <= FRAME_MAX)
			rule = rule_of(kind, values.value);
		rowlist_add(r->rows, from, ruleset_add(r->rules, &rule));
	}
}

/* `after` is what follows: a signal frame's row begins a byte early, since its address is that of
 * no call, but is looked up as if one had returned to it. */
static void add_function(struct go_reader *r, const struct pclntab_function *f, enum go_kind kind,
	enum go_kind after)
{
	uint64_t range[2] = { f->start - (kind == GO_SIGNAL), f->end - (after == GO_SIGNAL) };

	if (!rowlist_function(r->rows, &range[0], &range[1]))
		return;
	if (kind == GO_PLAIN || kind == GO_NO_FP)
		add_values(r, f, kind, range);
	else
		rowlist_add(r->rows, range[0], fixed_rule(r->rules, kind));
}

int gorows_read(const struct object *object, struct ruleset *rules, struct rowlist *rows,
	size_t *ret_functions, size_t *ret_bad)
{
	struct pclntab table;
	struct go_reader r = { &table, rules, rows, VALUES_MAX };
	struct pclntab_function now, next;
	bool have_now = false, have_next;
	int rc = pclntab_open(object, &table, NULL);

	if (rc < 0)
		return rc == ERR_NOMEM ? rc : ERR_NOT_FOUND;
	for (size_t i = 0; i <= table.n_functions && r.budget && !rows->failed; i++) {
		have_next = pclntab_function(&table, i, &next);
		if (have_now)
			add_function(
				&r, &now, kind_of(&now), have_next ? kind_of(&next) : GO_PLAIN);
		*ret_functions += have_next;
		*ret_bad += !have_next && i < table.n_functions;
		now = next;
		have_now = have_next;
	}
	rowlist_finish(rows);
	pclntab_fini(&table);
	return rows->failed || r.budget == 0 ? ERR_LIMIT : 0;
}
