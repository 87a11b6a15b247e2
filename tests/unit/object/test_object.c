/* test_object: ELF headers, of real files and of files that lie. */
#include "testing.h"

#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elf_image.h"
#include "object/object.h"

/* One segment of code at 0x1000 and one of data behind it; one section. */
static void small_image(struct elf_image *image)
{
	elf_image_init(image);
	elf_image_section(image, ".text", SHT_PROGBITS, 0x1000, VIEW("some code"));
	elf_image_segment(image, (Elf64_Phdr){ .p_type = PT_LOAD,
					 .p_flags = PF_R,
					 .p_vaddr = 0x8000,
					 .p_offset = 0,
					 .p_filesz = 0x400 });
	elf_image_segment(image, (Elf64_Phdr){ .p_type = PT_LOAD,
					 .p_flags = PF_R | PF_X,
					 .p_vaddr = 0x1000,
					 .p_offset = 0x200,
					 .p_filesz = 0x100 });
	elf_image_finish(image);
}

static int bias_from_loader(struct dl_phdr_info *info, size_t size, void *ret)
{
	*(uint64_t *)ret = info->dlpi_addr;
	return 1; /* the first is the program itself */
}

static void finds_the_bias_that_the_loader_used(void **state)
{
	uint64_t wanted, start, end, offset, bias = 1;
	struct object *object;
	char line[512];
	FILE *maps = fopen("/proc/self/maps", "r");

	dl_iterate_phdr(bias_from_loader, &wanted);
	assert_int_equal(object_open("/proc/self/exe", &object, NULL), 0);
	while (fgets(line, sizeof(line), maps)) {
		assert_int_equal(sscanf(line, "%lx-%lx %*s %lx", &start, &end, &offset), 3);
		if (start <= (uint64_t)small_image && (uint64_t)small_image < end)
			assert_true(object_bias(object, start, offset, &bias));
	}
	assert_int_equal(bias, wanted);
	fclose(maps);
	object_unref(object);
}

static void lists_the_sections_of_a_real_program(void **state)
{
	struct object *object;
	BUF_AUTO interp = { 0 };
	size_t n_segments, n_sections;

	assert_int_equal(object_open("/proc/self/exe", &object, NULL), 0);
	assert_non_null(object_segments(object, &n_segments));
	assert_non_null(object_sections(object, &n_sections));
	assert_true(n_segments > 4 && n_sections > 10);
	assert_int_equal(
		object_read_section(object, object_section(object, ".interp"), &interp, NULL), 0);
	assert_string_equal(interp.at, "/lib64/ld-linux-x86-64.so.2");
	assert_null(object_section(object, ".no-such-section"));
	object_unref(object);
}

static void maps_offsets_and_addresses_to_each_other(void **state)
{
	struct elf_image image;
	struct object *object;
	uint64_t at;

	small_image(&image);
	assert_int_equal(object_open_memory(buf_view(&image.bytes), "small", &object, NULL), 0);
	assert_true(object_offset_to_vaddr(object, 0x210, &at)); /* in both segments */
	assert_int_equal(at, 0x1010);
	assert_true(object_offset_to_vaddr(object, 0x310, &at));
	assert_int_equal(at, 0x8310);
	assert_true(object_vaddr_to_offset(object, 0x10ff, &at));
	assert_int_equal(at, 0x2ff);
	assert_false(object_vaddr_to_offset(object, 0x1100, &at));
	assert_false(object_offset_to_vaddr(object, 0x400, &at));
	object_unref(object);
	elf_image_fini(&image);
}

static void opens_or_refuses_every_prefix_of_a_file(void **state)
{
	struct elf_image image;
	size_t opened = 0;

	small_image(&image);
	for (size_t len = 0; len <= image.bytes.len; len++) {
		struct object *object;
		BUF_AUTO exact = { 0 };
		int rc;

		buf_add(&exact, image.bytes.at, len);
		rc = object_open_memory(buf_view(&exact), "prefix", &object, NULL);
		assert_true(rc == 0 || rc == ERR_CORRUPT);
		if (rc == 0) {
			opened++;
			assert_true((object_section(object, ".text") != NULL) ==
				    (len == image.bytes.len));
			object_unref(object);
		}
	}
	assert_true(opened > 1); /* a cut section table alone is no reason to refuse */
	elf_image_fini(&image);
}

static void refuses_counts_that_do_not_fit_the_file(void **state)
{
	struct elf_image image;
	struct object *object;
	struct err err;
	Elf64_Ehdr *header;

	small_image(&image);
	header = (Elf64_Ehdr *)image.bytes.at;
	header->e_phnum = 5000;
	assert_int_equal(
		object_open_memory(buf_view(&image.bytes), "liar", &object, &err), ERR_CORRUPT);
	assert_string_equal(err.text, "liar: a table of 5000 headers lies outside the file");
	header->e_phnum = PN_XNUM;
	((Elf64_Shdr *)(image.bytes.at + header->e_shoff))->sh_info = 1 << 30;
	assert_int_equal(
		object_open_memory(buf_view(&image.bytes), "liar", &object, &err), ERR_LIMIT);
	elf_image_fini(&image);
}

static void refuses_other_machines_by_name(void **state)
{
	struct elf_image image;
	struct object *object;
	struct err err;

	small_image(&image);
	((Elf64_Ehdr *)image.bytes.at)->e_machine = EM_AARCH64;
	assert_int_equal(
		object_open_memory(buf_view(&image.bytes), "arm", &object, &err), ERR_UNSUPPORTED);
	assert_string_equal(err.text, "arm: not a 64-bit x86 program or library");
	elf_image_fini(&image);
}

static void never_waits_for_a_fifo(void **state)
{
	char path[] = "/tmp/test_object.XXXXXX";
	struct object *object;

	assert_non_null(mkdtemp(path));
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(object_open(path, &object, NULL), ERR_USAGE);
	unlink(path);
	assert_int_equal(object_open(path, &object, NULL), ERR_NOT_FOUND);
}

static void survives_a_file_that_shrinks_after_it_was_opened(void **state)
{
	char path[] = "/tmp/test_object.XXXXXX";
	struct elf_image image;
	struct object *object;
	BUF_AUTO text = { 0 };
	int fd = mkstemp(path);

	small_image(&image);
	assert_int_equal(write(fd, image.bytes.at, image.bytes.len), image.bytes.len);
	assert_int_equal(object_open_fd(fd, "shrinks", &object, NULL), 0);
	assert_int_equal(truncate(path, 100), 0);
	assert_int_equal(object_read_section(object, object_section(object, ".text"), &text, NULL),
		ERR_CORRUPT);
	object_unref(object);
	unlink(path);
	elf_image_fini(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_bias_that_the_loader_used),
		cmocka_unit_test(lists_the_sections_of_a_real_program),
		cmocka_unit_test(maps_offsets_and_addresses_to_each_other),
		cmocka_unit_test(opens_or_refuses_every_prefix_of_a_file),
		cmocka_unit_test(refuses_counts_that_do_not_fit_the_file),
		cmocka_unit_test(refuses_other_machines_by_name),
		cmocka_unit_test(never_waits_for_a_fifo),
		cmocka_unit_test(survives_a_file_that_shrinks_after_it_was_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
