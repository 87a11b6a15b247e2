/* test_elfsyms: symbols of ELF files, held against nm, readelf and objdump. */
#include "programs.h"

#include "symbol/elfsyms.h"

static struct symtab *table_of(const char *path)
{
	struct object *object = programs_open(path);
	struct elfsyms symbols = { 0 };
	struct symtab *table;

	assert_int_equal(elfsyms_add(&symbols, object, NULL), 0);
	elfsyms_add_plt(&symbols, object);
	assert_int_equal(symtab_build(&symbols.builder, &table, NULL), 0);
	elfsyms_fini(&symbols);
	object_unref(object);
	return table;
}

/* "ADDRESS SIZE NAME" for each function, as another tool lists them. */
static int check_against(const struct symtab *table, const char *command)
{
	BUF_AUTO list = { 0 };
	struct view lines;
	bool more = true;
	int n = 0;

	programs_output(command, &list);
	lines = buf_view(&list);
	while (more) {
		struct view line = view_take(&lines, '\n', &more), alias_line;
		const struct symtab_row *first, *last;
		unsigned long long address, size;
		BUF_AUTO alias = { 0 };

		if (sscanf(line.at, "%llx %llx", &address, &size) != 2 || line.len == 0 || !size)
			continue;
		first = symtab_find(table, address);
		last = symtab_find(table, address + size - 1);
		if (!first || !last)
			fail_msg("no function at %llx", address);
		/* Of several names at an address ours is one: "ADDRESS SIZE NAME" is in the list.
		 */
		buf_add_format(&alias, "%016llx %016llx %.*s\n", address, size,
			(int)symtab_name(table, first).len, symtab_name(table, first).at);
		alias_line = buf_view(&alias);
		if (!memmem(list.at, list.len, alias_line.at, alias_line.len))
			fail_msg("not in the other's list: %.*s", (int)alias.len, alias.at);
		n++;
	}
	return n;
}

static void a_programs_functions_are_those_nm_lists(void **state)
{
	struct symtab *table;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -o p p.c");
	table = table_of("p");
	assert_in_range(check_against(table, "nm -S --defined-only p | awk 'NF==4 && $3 ~ /[tTwW]/ "
					     "{print $1, $2, $4}'"),
		3, 100);
	symtab_unref(table);
}

static void a_stripped_librarys_functions_are_those_it_exports(void **state)
{
	static const char libc[] = "/lib/x86_64-linux-gnu/libc.so.6";
	struct symtab *table;

	if (access(libc, R_OK) != 0) {
		print_message("skipped: no %s here\n", libc);
		skip();
	}
	table = table_of(libc);
	/* Functions that lie inside others would be another's at their last byte: none here. */
	assert_in_range(check_against(table,
				"nm -D -S --defined-only /lib/x86_64-linux-gnu/libc.so.6 | awk "
				"'NF==4 && $3 ~ /[TWi]/ {sub(/@.*/, \"\", $4); print $1, $2, $4}'"),
		1000, 10000);
	symtab_unref(table);
}

static void the_names_people_use_are_chosen_in_the_c_library(void **state)
{
	static const char *const wanted[] = { "malloc", "write", "memcpy", "pthread_create",
		"qsort" };
	struct symtab *table;
	BUF_AUTO list = { 0 };

	if (access("/lib/x86_64-linux-gnu/libc.so.6", R_OK) != 0) {
		print_message("skipped: no C library where it usually is\n");
		skip();
	}
	table = table_of("/lib/x86_64-linux-gnu/libc.so.6");
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		unsigned long long address;
		char command[256];

		buf_clear(&list);
		snprintf(command, sizeof(command),
			"nm -D --defined-only /lib/x86_64-linux-gnu/libc.so.6 | awk '$3 ~ "
			"/^%s@@/ {print $1}' | head -1",
			wanted[i]);
		programs_output(command, &list);
		assert_int_equal(sscanf(list.at, "%llx", &address), 1);
		assert_string_equal(symtab_name(table, symtab_find(table, address)).at, wanted[i]);
	}
	symtab_unref(table);
}

static void check_plt(const char *compile)
{
	BUF_AUTO list = { 0 };
	struct symtab *table;
	struct view lines;
	bool more = true;
	int n = 0;

	programs_run(compile);
	table = table_of("p");
	programs_output(
		"objdump -d -j .plt -j .plt.sec -j .plt.got p 2>/dev/null | grep '@plt>:' || true",
		&list);
	lines = buf_view(&list);
	while (more) {
		struct view line = view_take(&lines, '\n', &more);
		unsigned long long address;
		char name[256];

		if (sscanf(line.at, "%llx <%255[^>]>", &address, name) != 2 || line.len == 0)
			continue;
		/* objdump names the lazy stubs of .plt too, which only push a number. */
		if (!symtab_find(table, address))
			continue;
		assert_string_equal(symtab_name(table, symtab_find(table, address)).at, name);
		n++;
	}
	assert_in_range(n, 2, 100);
	symtab_unref(table);
}

static void plt_entries_are_named_after_what_they_lead_to(void **state)
{
	PROGRAMS_NEED("gcc");
	PROGRAMS_NEED("objdump");
	programs_write("p.c", programs_c);
	check_plt("gcc -O1 -fno-builtin -o p p.c -fcf-protection=full -Wl,-z,lazy");
	check_plt("gcc -O1 -fno-builtin -o p p.c -fcf-protection=none -Wl,-z,lazy");
	check_plt("gcc -O1 -fno-builtin -o p p.c -no-pie -Wl,-z,lazy");
}

static void a_table_that_lies_about_its_names_is_an_error(void **state)
{
	struct elfsyms symbols = { 0 };
	struct object *object;
	BUF_AUTO file = { 0 };
	Elf64_Ehdr header;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O1 -o p p.c");
	programs_output("cat p", &file);
	memcpy(&header, file.at, sizeof(header));
	for (unsigned i = 0; i < header.e_shnum; i++) {
		char *at = file.at + header.e_shoff + i * sizeof(Elf64_Shdr);
		Elf64_Shdr section;

		memcpy(&section, at, sizeof(section));
		if (section.sh_type == SHT_SYMTAB)
			section.sh_link = 0xffff;
		memcpy(at, &section, sizeof(section));
	}
	assert_int_equal(object_open_memory(buf_view(&file), "p", &object, NULL), 0);
	assert_int_equal(elfsyms_add(&symbols, object, NULL), ERR_CORRUPT);
	elfsyms_fini(&symbols);
	object_unref(object);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, programs_begin, programs_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_programs_functions_are_those_nm_lists),
		TEST(a_stripped_librarys_functions_are_those_it_exports),
		TEST(the_names_people_use_are_chosen_in_the_c_library),
		TEST(plt_entries_are_named_after_what_they_lead_to),
		TEST(a_table_that_lies_about_its_names_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
