/* test_pclntab: Go's table of functions, in each layout it ever had. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "elf_image.h"
#include "object/pclntab.h"

#define TEXT 0x401000u
#define NAMES "\0main.main\0main.work\0"
#define FILES "\0/src/main.go\0"
/* sp: 0 for 4 bytes, then 24 for 28; file: number 0 or 1; line: 10 for 16 bytes, then 12. */
#define SP_VALUES "\2\4\60\34\0"
#define LINE_VALUES "\26\20\4\20\0"

static void add_u32(struct buf *out, uint32_t value)
{
	buf_add(out, &value, sizeof(value));
}

static void add_u64(struct buf *out, uint64_t value)
{
	buf_add(out, &value, sizeof(value));
}

static void set_u64(struct buf *out, size_t at, uint64_t value)
{
	memcpy(out->at + at, &value, sizeof(value));
}

static void add_values(struct buf *out, struct view values, uint32_t *ret_offset, size_t from)
{
	*ret_offset = (uint32_t)(out->len - from);
	buf_add_view(out, values);
}

struct offsets {
	uint32_t sp, file, line;
};

/* The pc-value tables, with a byte before them because offset 0 means "none". */
static struct offsets add_pc_values(struct buf *out, struct view file_values, size_t from)
{
	struct offsets ret;

	buf_add_char(out, '\0');
	add_values(out, VIEW(SP_VALUES), &ret.sp, from);
	add_values(out, file_values, &ret.file, from);
	add_values(out, VIEW(LINE_VALUES), &ret.line, from);
	return ret;
}

static void add_function(struct buf *out, enum pclntab_version version, unsigned which,
	uint32_t name, struct offsets values)
{
	if (version >= PCLNTAB_1_18)
		add_u32(out, which * 32);
	else
		add_u64(out, TEXT + which * 32);
	add_u32(out, name);
	add_u32(out, 0); /* size of the arguments */
	add_u32(out, 0); /* deferreturn */
	add_u32(out, values.sp);
	add_u32(out, values.file);
	add_u32(out, values.line);
	add_u32(out, 0); /* number of pcdata */
	add_u32(out, 0); /* cu */
	if (version >= PCLNTAB_1_20)
		add_u32(out, 7); /* first line */
	buf_add(out, which ? "\5\1\0\0" : "\6\0\0\0", 4);
}

/* Two functions of 32 bytes each. */
static void build_1_2(struct buf *out)
{
	struct offsets values;
	uint32_t names, files, functions[2];

	buf_add(out, "\xfb\xff\xff\xff\0\0\1\10", 8);
	add_u64(out, 2);
	for (int i = 0; i < 6; i++) /* two entries, the end, the files; filled in below */
		add_u64(out, 0);
	names = (uint32_t)out->len;
	buf_add_view(out, VIEW(NAMES));
	files = (uint32_t)out->len;
	buf_add_view(out, VIEW(FILES));
	values = add_pc_values(out, VIEW("\4\40\0"), 0);
	for (unsigned i = 0; i < 2; i++) {
		functions[i] = (uint32_t)out->len;
		add_function(out, PCLNTAB_1_2, i, names + 1 + i * 10, values);
	}
	for (unsigned i = 0; i < 2; i++) {
		set_u64(out, 16 + i * 16, TEXT + i * 32);
		set_u64(out, 24 + i * 16, functions[i]);
	}
	set_u64(out, 48, TEXT + 64);
	set_u64(out, 56, out->len);
	add_u32(out, 2); /* number of files, counting from 1 */
	add_u32(out, files + 1);
}

static void build_1_16(struct buf *out, enum pclntab_version version)
{
	static const char *const magics[] = { [PCLNTAB_1_16] = "\xfa\xff\xff\xff",
		[PCLNTAB_1_18] = "\xf0\xff\xff\xff",
		[PCLNTAB_1_20] = "\xf1\xff\xff\xff" };
	size_t parts = version >= PCLNTAB_1_18 ? 32 : 24;
	size_t entry = version >= PCLNTAB_1_18 ? 4 : 8;
	struct offsets values;
	size_t from;

	buf_add(out, magics[version], 4);
	buf_add(out, "\0\0\1\10", 4);
	add_u64(out, 2);
	add_u64(out, 1);
	if (version >= PCLNTAB_1_18)
		add_u64(out, TEXT);
	for (int i = 0; i < 5; i++)
		add_u64(out, 0);
	set_u64(out, parts, out->len);
	buf_add_view(out, VIEW(NAMES));
	set_u64(out, parts + 8, out->len);
	add_u32(out, 1);
	set_u64(out, parts + 16, out->len);
	buf_add_view(out, VIEW(FILES));
	from = out->len;
	set_u64(out, parts + 24, from);
	values = add_pc_values(out, VIEW("\2\40\0"), from);
	from = out->len;
	set_u64(out, parts + 32, from);
	for (unsigned i = 0; i < 3; i++) {
		uint64_t address = i * 32 + (entry == 8 ? TEXT : 0), place = 0;

		buf_add(out, &address, entry);
		if (i < 2)
			buf_add(out, &place, entry);
	}
	for (unsigned i = 0; i < 2; i++) {
		uint64_t place = out->len - from;

		memcpy(out->at + from + i * 2 * entry + entry, &place, entry);
		add_function(out, version, i, 1 + i * 10, values);
	}
}

static void build(struct buf *out, enum pclntab_version version)
{
	if (version == PCLNTAB_1_2)
		build_1_2(out);
	else
		build_1_16(out, version);
}

static int open_table(struct view bytes, struct pclntab *ret, struct err *err)
{
	struct elf_image image;
	struct object *object;
	int rc;

	elf_image_init(&image);
	elf_image_section(&image, ".gopclntab", SHT_PROGBITS, 0x500000, bytes);
	elf_image_finish(&image);
	assert_int_equal(object_open_memory(buf_view(&image.bytes), "go", &object, NULL), 0);
	rc = pclntab_open(object, ret, err);
	object_unref(object);
	elf_image_fini(&image);
	return rc;
}

static void reads_every_layout(void **state)
{
	for (enum pclntab_version version = PCLNTAB_1_2; version <= PCLNTAB_1_20; version++) {
		BUF_AUTO bytes = { 0 };
		struct pclntab table;
		struct pclntab_function f;
		struct pclntab_values sp;
		struct view file;
		uint32_t line;
		size_t index;

		build(&bytes, version);
		assert_int_equal(open_table(buf_view(&bytes), &table, NULL), 0);
		assert_int_equal(table.version, version);
		assert_int_equal(table.n_functions, 2);
		assert_true(pclntab_find(&table, TEXT + 63, &index));
		assert_int_equal(index, 1);
		assert_false(pclntab_find(&table, TEXT + 64, &index));
		assert_false(pclntab_find(&table, TEXT - 1, &index));
		assert_true(pclntab_function(&table, 1, &f));
		assert_view_equal(f.name, "main.work");
		assert_int_equal(f.start, TEXT + 32);
		assert_int_equal(f.end, TEXT + 64);
		assert_int_equal(f.flags, version == PCLNTAB_1_2 ? 0 : PCLNTAB_TOP_FRAME);
		assert_int_equal(f.start_line, version == PCLNTAB_1_20 ? 7 : 0);

		pclntab_values_start(&table, &f, f.sp_values, &sp);
		assert_true(pclntab_values_next(&table, &sp));
		assert_true(sp.value == 0 && sp.start == f.start && sp.end == f.start + 4);
		assert_true(pclntab_values_next(&table, &sp));
		assert_true(sp.value == 24 && sp.end == f.end);
		assert_false(pclntab_values_next(&table, &sp));

		assert_true(pclntab_line(&table, &f, f.start + 16, &file, &line));
		assert_view_equal(file, "/src/main.go");
		assert_int_equal(line, 12);
		assert_false(pclntab_line(&table, &f, f.end, &file, &line));
		pclntab_fini(&table);
	}
}

static void survives_every_prefix_and_every_flipped_byte(void **state)
{
	for (enum pclntab_version version = PCLNTAB_1_2; version <= PCLNTAB_1_20; version++) {
		BUF_AUTO whole = { 0 };

		build(&whole, version);
		for (size_t i = 0; i < 2 * whole.len; i++) {
			size_t len = i < whole.len ? i : whole.len;
			BUF_AUTO bytes = { 0 };
			struct pclntab table;
			struct pclntab_function f;
			struct view file;
			uint32_t line;

			buf_add(&bytes, whole.at, len);
			if (i >= whole.len)
				bytes.at[i - whole.len] ^= (char)0xff;
			if (open_table(buf_view(&bytes), &table, NULL) < 0)
				continue;
			for (size_t k = 0; k < table.n_functions && k < 100; k++)
				if (pclntab_function(&table, k, &f))
					pclntab_line(&table, &f, f.start, &file, &line);
			pclntab_fini(&table);
		}
	}
}

static void says_when_it_is_no_go_program(void **state)
{
	struct object *object;
	struct pclntab table;
	struct err err;

	assert_int_equal(object_open("/proc/self/exe", &object, NULL), 0);
	assert_int_equal(pclntab_open(object, &table, &err), ERR_NOT_FOUND);
	assert_string_equal(err.text, "/proc/self/exe: not a Go program");
	object_unref(object);
	assert_int_equal(open_table(VIEW("\xf9\xff\xff\xff\0\0\1\10"), &table, &err), ERR_CORRUPT);
	assert_string_equal(err.text, "go: Go's table of functions: no known magic number");
}

static int run(const char *command, const char *where)
{
	char line[1024];

	snprintf(line, sizeof(line), "cd %s && %s", where, command);
	return system(line);
}

/* The oracle is Go's own nm, on a small program made here; in each of its two layouts, since a
 * position-independent one does not say where its code begins. */
static void compare_with_nm(const char *where, const char *mode)
{
	char command[512], path[256], line[4096], name[4096], kind;
	size_t index, compared = 0, same = 0;
	struct object *object;
	struct pclntab table;
	uint64_t address;
	FILE *nm;

	snprintf(command, sizeof(command), "go build -buildmode=%s -o %s main.go", mode, mode);
	assert_int_equal(run(command, where), 0);
	snprintf(path, sizeof(path), "%s/%s", where, mode);
	assert_int_equal(object_open(path, &object, NULL), 0);
	assert_int_equal(pclntab_open(object, &table, NULL), 0);
	snprintf(command, sizeof(command), "go tool nm %s", path);
	nm = popen(command, "r");
	while (fgets(line, sizeof(line), nm)) {
		struct pclntab_function f;

		if (sscanf(line, "%lx %c %4095[^\n]", &address, &kind, name) != 3 ||
			!strchr("Tt", kind) || !pclntab_find(&table, address, &index))
			continue;
		assert_true(pclntab_function(&table, index, &f));
		if (f.start != address)
			continue; /* a label inside of assembly */
		compared++;
		if (strlen(name) > 5 && strcmp(name + strlen(name) - 5, ".abi0") == 0)
			name[strlen(name) - 5] = '\0'; /* how it is called, not what */
		same += view_equal(f.name, view_of(name));
	}
	pclose(nm);
	assert_true(same > 500);
	/* A marker or two (runtime.text) begin where a function does. */
	assert_true(compared - same <= 4);
	pclntab_fini(&table);
	object_unref(object);
}

static void names_what_go_tool_nm_names(void **state)
{
	char where[] = "/tmp/test_pclntab.XXXXXX";
	char command[64];

	if (system("command -v go >/dev/null") != 0) {
		print_message("no Go compiler here\n");
		skip();
	}
	assert_non_null(mkdtemp(where));
	assert_int_equal(
		run("echo 'package main; func main() { println(1) }' > main.go", where), 0);
	compare_with_nm(where, "exe");
	compare_with_nm(where, "pie");
	snprintf(command, sizeof(command), "rm -r %s", where);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_layout),
		cmocka_unit_test(survives_every_prefix_and_every_flipped_byte),
		cmocka_unit_test(says_when_it_is_no_go_program),
		cmocka_unit_test(names_what_go_tool_nm_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
