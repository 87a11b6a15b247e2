/* test_own_kernel: frames of the kernel's have names, or say why not, and tell no address. */
#include "inproc/own_kernel.h"

#include <stdio.h>

#include "profiled.h"

/* Of a function that every kernel has; 0 if this user may not see it. */
static uint64_t some_address(const char *wanted)
{
	FILE *list = fopen("/proc/kallsyms", "r");
	unsigned long long address = 0;
	char name[256];

	while (list && fscanf(list, "%llx %*c %255s%*[^\n]", &address, name) == 2)
		if (strcmp(name, wanted) == 0)
			break;
	if (list)
		fclose(list);
	return address;
}

static uint32_t add(struct profile *p, uint64_t address)
{
	struct mapping mapping = { .start = UINT64_C(1) << 63,
		.limit = UINT64_MAX,
		.file = profile_string(p, VIEW(OWN_KERNEL_FILE)) };
	struct location location = { .address = address, .mapping = profile_mapping(p, &mapping) };

	return profile_location(p, &location, NULL);
}

static void frames_of_the_kernel_are_named(void **state)
{
	uint64_t address = some_address("do_syscall_64");

	for (int round = 0; round < 2; round++) { /* the second from what was kept */
		struct profile *p = profile_new();
		uint32_t known = add(p, address ? address + 5 : UINT64_C(1) << 63);
		uint32_t other = add(p, UINT64_MAX - 4096);

		own_kernel_name(p, p->locations[known].mapping);
		assert_true(profiled_location_is(p, known, address ? "do_syscall_64" : "[kernel]"));
		assert_true(profiled_location_is(p, other, "[kernel]"));
		assert_int_equal(p->n_comments, address == 0);
		for (uint32_t i = 0; i < p->n_locations; i++)
			assert_true(p->locations[i].address < (uint64_t)1 << 32);
		for (uint32_t i = 0; i < p->n_mappings; i++)
			assert_true(p->mappings[i].start < (uint64_t)1 << 32);
		profile_free(p);
	}
}

static void other_mappings_are_not_the_kernels(void **state)
{
	struct profile *p = profile_new();
	struct mapping library = { .file = profile_string(p, VIEW("/usr/lib/libwork.so")) };
	uint32_t location = add(p, UINT64_C(1) << 63);

	assert_false(own_kernel_is(p, 0));
	assert_false(own_kernel_is(p, profile_mapping(p, &library)));
	assert_true(own_kernel_is(p, p->locations[location].mapping));
	profile_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_of_the_kernel_are_named),
		cmocka_unit_test(other_mappings_are_not_the_kernels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
