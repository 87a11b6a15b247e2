/* test_cfi: every row of real objects against readelf, and .eh_frame sections that lie. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "frame_image.h"
#include "unwind/unwind_table.h"

#define COLUMNS_MAX 24

/* A row as readelf prints it, and where it holds. */
struct printed {
	uint64_t start, end;
	char cfa[32], rbp[32], ra[32];
	bool valid;
};

struct comparison {
	const struct unwind_table *table;
	size_t compared, odd, different;
	char names[COLUMNS_MAX][32];
	size_t n_names;
	uint64_t fde_end;
	struct printed row;
};

static size_t split(char *line, char *words[static COLUMNS_MAX])
{
	size_t count = 0;
	char *rest;

	for (char *word = strtok_r(line, " \n", &rest); word && count < COLUMNS_MAX;
		word = strtok_r(NULL, " \n", &rest))
		words[count++] = word;
	return count;
}

static bool same_cfa(const char *text, const struct unwind_rule *rule)
{
	char reg[8];
	int offset;

	if (strcmp(text, "exp") == 0)
		return rule->cfa == UNWIND_CFA_PLT || rule->cfa == UNWIND_CFA_DEREF_RSP ||
		       rule->cfa == UNWIND_CFA_DEREF_RBP || rule->cfa == UNWIND_CFA_SIGNAL ||
		       rule->cfa == UNWIND_CFA_UNSUPPORTED || rule->cfa == UNWIND_CFA_RSP;
	if (sscanf(text, "%7[a-z0-9]%d", reg, &offset) != 2 || rule->offset != offset)
		return false;
	if (strcmp(reg, "rsp") == 0)
		return rule->cfa == UNWIND_CFA_RSP;
	if (strcmp(reg, "rbp") == 0)
		return rule->cfa == UNWIND_CFA_RBP;
	return rule->cfa == UNWIND_CFA_REG;
}

static bool same_fp(const char *text, const struct unwind_rule *rule)
{
	if (text[0] == '\0' || strcmp(text, "u") == 0 || strcmp(text, "s") == 0)
		return rule->fp == UNWIND_FP_SAME;
	if (text[0] == 'c')
		return rule->fp == UNWIND_FP_AT_CFA &&
		       rule->fp_offset == strtol(text + 1, NULL, 10);
	return rule->fp != UNWIND_FP_SAME;
}

static bool same(const struct printed *row, const struct unwind_rule *rule)
{
	if (strcmp(row->ra, "u") == 0)
		return rule->cfa == UNWIND_CFA_END;
	if (strcmp(row->ra, "exp") == 0)
		return rule->cfa == UNWIND_CFA_SIGNAL;
	if (strcmp(row->ra, "c-8") != 0)
		return rule->ra == UNWIND_RA_REG || rule->cfa == UNWIND_CFA_UNSUPPORTED;
	if (rule->cfa == UNWIND_CFA_UNSUPPORTED && strcmp(row->cfa, "exp") == 0)
		return true;
	return rule->ra == UNWIND_RA_AT_CFA && same_cfa(row->cfa, rule) && same_fp(row->rbp, rule);
}

/* Looks at the first and at the last byte where the row holds. */
static void compare(struct comparison *c)
{
	struct printed *row = &c->row;

	if (!row->valid || row->end <= row->start)
		return;
	row->valid = false;
	c->compared++;
	if (same(row, unwind_table_find(c->table, row->start)) &&
		same(row, unwind_table_find(c->table, row->end - 1)))
		return;
	if (c->different++ < 5)
		print_message("%lx..%lx: readelf has cfa %s, rbp %s, ra %s\n", row->start, row->end,
			row->cfa, row->rbp, row->ra);
}

static void take_line(struct comparison *c, char *line)
{
	const char *range = strstr(line, " pc=");
	char *words[COLUMNS_MAX];
	uint64_t start;
	size_t count;

	if (range) {
		c->row.end = c->fde_end;
		compare(c);
		sscanf(range, " pc=%lx..%lx", &start, &c->fde_end);
		return;
	}
	if (strstr(line, " CIE "))
		c->row.end = c->fde_end, compare(c), c->fde_end = 0;
	count = split(line, words);
	if (count && strcmp(words[0], "LOC") == 0) {
		for (size_t i = 0; i < count; i++)
			snprintf(c->names[i], sizeof(c->names[i]), "%s", words[i]);
		c->n_names = count;
		return;
	}
	if (c->fde_end == 0 || count < 3 || strlen(words[0]) != 16)
		return;
	start = strtoull(words[0], NULL, 16);
	c->row.end = start;
	compare(c);
	if (count != c->n_names) { /* "r5 (rdi)" and the like are two words */
		c->odd++;
		return;
	}
	c->row = (struct printed){ .start = start, .valid = true };
	for (size_t i = 1; i < count; i++) {
		char *into = strcmp(c->names[i], "CFA") == 0   ? c->row.cfa
			     : strcmp(c->names[i], "rbp") == 0 ? c->row.rbp
			     : strcmp(c->names[i], "ra") == 0  ? c->row.ra
							       : NULL;

		if (into)
			snprintf(into, sizeof(c->row.cfa), "%s", words[i]);
	}
}

static bool compare_with_readelf(const char *path)
{
	struct comparison c = { 0 };
	struct unwind_table table;
	struct object *object;
	char command[512], line[4096];
	FILE *readelf;

	if (access(path, R_OK) != 0)
		return false;
	assert_int_equal(object_open(path, &object, NULL), 0);
	assert_int_equal(unwind_table_build(object, &table, NULL), 0);
	c.table = &table;
	snprintf(command, sizeof(command), "readelf --debug-dump=frames-interp %s 2>/dev/null",
		path);
	readelf = popen(command, "r");
	assert_non_null(readelf);
	while (fgets(line, sizeof(line), readelf))
		take_line(&c, line);
	c.row.end = c.fde_end;
	compare(&c);
	pclose(readelf);
	print_message("%s: %zu rows compared, %zu not understood, %zu differ\n", path, c.compared,
		c.odd, c.different);
	assert_int_equal(c.different, 0);
	assert_true(c.odd <= c.compared / 100);
	unwind_table_fini(&table);
	object_unref(object);
	return c.compared > 0;
}

static void has_the_rows_that_readelf_has(void **state)
{
	static const char *const paths[] = { "/lib/x86_64-linux-gnu/libc.so.6",
		"/lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/libm.so.6",
		"/usr/lib/x86_64-linux-gnu/libstdc++.so.6", "/usr/bin/python3.11", "/usr/bin/perl",
		"/usr/bin/bash", "/usr/bin/node", "/usr/lib/x86_64-linux-gnu/libcrypto.so.3" };
	char self[256] = "";
	size_t compared = 0;

	if (system("command -v readelf >/dev/null") != 0) {
		print_message("no readelf here\n");
		skip();
	}
	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	compared += compare_with_readelf(self);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		compared += compare_with_readelf(paths[i]);
	assert_true(compared >= 1);
}

static void skips_a_broken_function_and_keeps_the_others(void **state)
{
	struct frame_image image;
	struct unwind_table table;

	frame_init(&image);
	/* push: after one byte the CFA is rsp+16 and rbp at CFA-16. */
	frame_add(&image, 0, VIEW("\x41\x0e\x10\x86\2"));
	frame_add(&image, 64, VIEW("\x41\x0e\x10\x44\x3f\x44")); /* 3f is no instruction */
	frame_add(&image, 128, VIEW("\x41\x0e\x20"));
	assert_int_equal(frame_build(&image, &table), 0);
	assert_int_equal(table.stats.functions, 3);
	assert_int_equal(table.stats.bad, 1);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT)->offset, 8);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 1)->offset, 16);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 1)->fp, UNWIND_FP_AT_CFA);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 1)->fp_offset, -16);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 65)->offset, 16);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 69)->cfa, UNWIND_CFA_UNSUPPORTED);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 129)->offset, 32);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 192)->cfa, UNWIND_CFA_NONE);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT - 1)->cfa, UNWIND_CFA_NONE);
	unwind_table_fini(&table);
}

static void sorts_functions_and_cuts_overlaps(void **state)
{
	struct frame_image image;
	struct unwind_table table;

	frame_init(&image);
	frame_add(&image, 256, VIEW("\x0e\x30"));
	frame_add(&image, 0, VIEW("\x0e\x10"));
	frame_add(&image, 32, VIEW("\x0e\x20\x44\x0e\x28")); /* its first half is taken */
	frame_add(&image, 72, VIEW("\x0e\x18"));             /* a gap of 8 before it: padding */
	assert_int_equal(frame_build(&image, &table), 0);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 63)->offset, 16);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 64)->offset, 40);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 95)->offset, 40);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 96)->offset, 24);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 136)->cfa, UNWIND_CFA_NONE);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 256)->offset, 48);
	unwind_table_fini(&table);
}

static void remembers_and_restores(void **state)
{
	struct frame_image image;
	struct unwind_table table;

	frame_init(&image);
	/* An early return in the middle: remember, pop, ret; then as before. */
	frame_add(&image, 0, VIEW("\x41\x0e\x10\x86\2\x44\x0a\x0e\x08\xc6\x41\x0b\x41\x0e\x20"));
	assert_int_equal(frame_build(&image, &table), 0);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 5)->offset, 8);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 5)->fp, UNWIND_FP_SAME);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 6)->offset, 16);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 6)->fp, UNWIND_FP_AT_CFA);
	assert_int_equal(unwind_table_find(&table, FRAME_TEXT + 7)->offset, 32);
	unwind_table_fini(&table);
}

static void survives_every_flipped_byte(void **state)
{
	for (size_t i = 0; i < 90; i++) {
		struct frame_image image;
		struct unwind_table table;
		int rc;

		frame_init(&image);
		frame_add(&image, 0, VIEW("\x41\x0e\x10\x86\2"));
		frame_add(&image, 64, VIEW("\x41\x0f\3\x76\x78\6"));
		frame_add(&image, 128, VIEW("\x41\x0e\x20\x10\6\2\x76\0"));
		assert_true(i < image.frame.len);
		image.frame.at[i] ^= (char)0xff;
		rc = frame_build(&image, &table);
		assert_true(rc == 0 || rc == ERR_NOT_FOUND);
		if (rc == 0)
			unwind_table_fini(&table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_rows_that_readelf_has),
		cmocka_unit_test(skips_a_broken_function_and_keeps_the_others),
		cmocka_unit_test(sorts_functions_and_cuts_overlaps),
		cmocka_unit_test(remembers_and_restores),
		cmocka_unit_test(survives_every_flipped_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
