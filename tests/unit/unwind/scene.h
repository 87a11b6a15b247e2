/* scene: a module, rules and a stack made by hand, and a walk over them. */
#ifndef SCENE_H
#define SCENE_H

#include "testing.h"

#include "test_space.h"

#define CODE 0x400000u  /* the module's mapping */
#define STACK 0x700000u /* the slice */
#define WORDS 64
#define END_PC (CODE + 0xf00)

/* One module: rule k holds from CODE + 0x100 * k on; the last one is END. */
struct scene {
	struct test_space *plain;
	struct unwind_mapping *module;
	uint64_t stack[WORDS];
	struct unwind_walk walk;
	uint64_t frames[32];
	size_t n, max;
	enum unwind_result result;
};

static inline void scene_init(struct scene *s, const struct unwind_rule *rules, size_t count)
{
	struct unwind_rule all[17] = { [16] = { .cfa = UNWIND_CFA_END } };
	struct unwind_row rows[16];
	struct unwind_page page = { 0, 16 };
	struct unwind_table table = { .rows = rows,
		.pages = &page,
		.rules = all,
		.n_rows = 16,
		.n_pages = 1,
		.n_rules = 17 };

	*s = (struct scene){ .plain = test_space_new(), .max = 32 };
	assert_non_null(s->plain);
	for (uint16_t i = 0; i < 16; i++) {
		all[i] = i < count ? rules[i] : all[16];
		rows[i] = (struct unwind_row){ (uint16_t)(i * 0x100), i < count ? i : 16 };
	}
	s->module = space_map(s->plain, CODE, CODE + 0x1000, CODE, &table);
	assert_int_equal(s->module->kind, UNWIND_MAPPING_TABLE);
	s->walk.regs[UNWIND_RIP] = CODE + 0x10;
	s->walk.regs[UNWIND_RSP] = STACK;
}

/* The slice begins at the stack's first word. */
static inline void scene_walk(struct scene *s)
{
	struct stackwalk_slice slice = { s->stack, STACK, sizeof(s->stack) };
	struct stackwalk_frames frames = { s->frames, s->max, s->n };

	stackwalk_start(&s->walk, &s->plain->tables);
	s->result = stackwalk_run(&s->walk, &s->plain->tables, &slice, &frames);
	s->n = frames.count;
}

static inline void scene_fini(struct scene *s)
{
	test_space_free(s->plain);
}

static const struct unwind_rule plain_rule = { .cfa = UNWIND_CFA_RSP, .offset = 16 };

#endif
