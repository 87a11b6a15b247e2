/* test_batch: each object is read once, whatever the number of threads. */
#include "programs.h"

#include "symbol/batch.h"
#include "symbol/objnames.h"
#include "symbol/symtab.h"

#define COPIES 8

static void run(unsigned threads)
{
	struct object *object = programs_open("p");
	const Elf64_Shdr *text = object_section(object, ".text");
	const struct objnames_options options = { .tables.debug_dir = "none", .no_lines = true };
	struct objnames names[COPIES] = { 0 };
	struct batch batch = { 0 };

	for (int i = 0; i < COPIES; i++) {
		size_t group = batch_add_group(&batch, object, &names[i]);

		/* Descending and twice: it is the batch that puts them in order. */
		for (uint64_t at = text->sh_size; at > 0; at--) {
			assert_int_equal(batch_add(&batch, group, text->sh_addr + at - 1), 0);
			assert_int_equal(batch_add(&batch, group, text->sh_addr + at - 1), 0);
		}
	}
	assert_int_equal(batch_run(&batch, threads, &options), 0);
	for (int i = 0; i < COPIES; i++) {
		for (uint64_t at = 0; at < text->sh_size; at++) {
			const struct symtab_row *row =
				symtab_find(names[i].tables.symbols, text->sh_addr + at);
			size_t first;

			assert_int_equal(
				objnames_find(&names[i], text->sh_addr + at, &first), row ? 1 : 0);
		}
		assert_true(names[i].n_frames > 0);
		objnames_fini(&names[i]);
	}
	batch_fini(&batch);
	object_unref(object);
}

static void every_address_of_every_object_is_answered(void **state)
{
	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -o p p.c");
	run(1);
	run(4);
	run(100);
}

static void an_empty_batch_is_done_at_once(void **state)
{
	struct batch batch = { 0 };

	assert_int_equal(batch_run(&batch, 4, &(struct objnames_options){ 0 }), 0);
	batch_fini(&batch);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, programs_begin, programs_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_address_of_every_object_is_answered),
		TEST(an_empty_batch_is_done_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
