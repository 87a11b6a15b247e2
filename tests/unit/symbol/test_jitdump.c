/* test_jitdump: the binary record of generated code. */
#include "testing.h"

#include "base/buf.h"
#include "symbol/codetable.h"
#include "symbol/jitdump.h"

static void u32(struct buf *out, uint32_t number)
{
	buf_add(out, &number, sizeof(number));
}

static void u64(struct buf *out, uint64_t number)
{
	buf_add(out, &number, sizeof(number));
}

static void header(struct buf *out)
{
	u32(out, 0x4A695444);
	u32(out, 1);
	u32(out, 40);
	u32(out, 62);
	u32(out, 0);
	u32(out, 123);
	u64(out, 1);
	u64(out, 0);
}

static void load(struct buf *out, uint64_t address, uint64_t size, uint64_t index, const char *name)
{
	u32(out, 0);
	u32(out, (uint32_t)(56 + strlen(name) + 1 + size));
	u64(out, 2);
	u64(out, 0);
	u64(out, address);
	u64(out, address);
	u64(out, size);
	u64(out, index);
	buf_add(out, name, strlen(name) + 1);
	for (uint64_t i = 0; i < size; i++)
		buf_add_char(out, (char)0x90);
}

static void move(struct buf *out, uint64_t from, uint64_t to, uint64_t size, uint64_t index)
{
	u32(out, 1);
	u32(out, 64);
	u64(out, 3);
	u64(out, 0);
	u64(out, to);
	u64(out, from);
	u64(out, to);
	u64(out, size);
	u64(out, index);
}

static void two_lines(struct buf *out, uint64_t address)
{
	u32(out, 2);
	u32(out, 32 + 16 + 5 + 16 + 2);
	u64(out, 2);
	u64(out, address);
	u64(out, 2);
	u64(out, address);
	u32(out, 7);
	u32(out, 0);
	buf_add(out, "a.js", 5);
	u64(out, address + 8);
	u32(out, 9);
	u32(out, 0);
	buf_add(out, "\xff", 2);
}

static void a_whole_dump(struct buf *out)
{
	header(out);
	two_lines(out, 0x1000);
	load(out, 0x1000, 16, 5, "work");
	load(out, 0x2000, 16, 6, "idle");
	move(out, 0x1000, 0x3000, 16, 5);
	load(out, 0x1000, 8, 7, "later");
}

static void check(struct codetable *table)
{
	struct code_hit hit;

	assert_int_equal(codetable_index(table), 0);
	assert_true(codetable_find(table, 0x3009, &hit));
	assert_view_equal(hit.name, "work");
	assert_view_equal(hit.file, "a.js");
	assert_int_equal(hit.line, 9);
	assert_true(codetable_find(table, 0x2000, &hit));
	assert_view_equal(hit.name, "idle");
	assert_true(codetable_find(table, 0x1007, &hit));
	assert_view_equal(hit.name, "later");
}

static void loads_moves_and_lines_are_read(void **state)
{
	BUF_AUTO bytes = { 0 };
	struct codetable table;
	struct jitdump dump = { 0 };

	codetable_init(&table);
	a_whole_dump(&bytes);
	assert_true(jitdump_parse(&dump, buf_view(&bytes), false, &table));
	assert_int_equal(dump.offset, bytes.len);
	check(&table);
	jitdump_fini(&dump);
	codetable_fini(&table);
}

static void it_reads_on_where_the_file_ended(void **state)
{
	BUF_AUTO bytes = { 0 };
	struct codetable table;
	struct jitdump dump = { 0 };

	codetable_init(&table);
	a_whole_dump(&bytes);
	for (size_t len = 0; len <= bytes.len; len++)
		if (dump.offset <= len)
			jitdump_parse(&dump,
				(struct view){ bytes.at + dump.offset, len - dump.offset }, false,
				&table);
	assert_int_equal(dump.offset, bytes.len);
	assert_int_equal(table.n_entries, 4);
	check(&table);
	jitdump_fini(&dump);
	codetable_fini(&table);
}

static void a_record_without_a_size_ends_the_reading(void **state)
{
	BUF_AUTO bytes = { 0 };
	struct codetable table;
	struct jitdump dump = { 0 };

	codetable_init(&table);
	header(&bytes);
	load(&bytes, 0x1000, 16, 1, "before");
	u32(&bytes, 0);
	u32(&bytes, 0);
	u64(&bytes, 0);
	load(&bytes, 0x2000, 16, 2, "after");
	assert_true(jitdump_parse(&dump, buf_view(&bytes), false, &table));
	assert_true(dump.broken);
	assert_int_equal(table.n_entries, 1);
	jitdump_fini(&dump);
	codetable_fini(&table);
}

static void what_is_no_jitdump_is_refused(void **state)
{
	struct codetable table;
	struct jitdump dump = { 0 };
	char zeros[64] = { 0 };

	codetable_init(&table);
	assert_false(jitdump_parse(&dump, (struct view){ zeros, sizeof(zeros) }, false, &table));
	assert_true(dump.broken);
	codetable_fini(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads_moves_and_lines_are_read),
		cmocka_unit_test(it_reads_on_where_the_file_ended),
		cmocka_unit_test(a_record_without_a_size_ends_the_reading),
		cmocka_unit_test(what_is_no_jitdump_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
