/* test_foreign_context: what a process says of itself is read, and what makes no sense is not. */
#include "testing.h"

#include <sys/mman.h>
#include <unistd.h>

#include "foreign_payload.h"
#include "sampler/foreign_context.h"

static void a_payload_says_names_and_resources(void **state)
{
	struct foreign_context context = { 0 };
	BUF_AUTO payload = { 0 };

	put_payload(&payload);
	assert_int_equal(foreign_context_decode(buf_view(&payload), &context, NULL), 0);
	assert_true(context.has_threads);
	assert_true(context.pushes_cpu);
	assert_int_equal(context.n_keys, 4);
	assert_view_equal(context.keys[0], "route");
	assert_int_equal(context.keys[2].len, 0);
	assert_view_equal(context.keys[3], "user");
	assert_int_equal(context.n_resources, 2);
	assert_view_equal(foreign_context_resource(&context, VIEW("service.version")), "1.2");
	assert_int_equal(foreign_context_resource(&context, VIEW("bad.value")).len, 0);
	foreign_context_fini(&context);
}

static void a_payload_that_is_cut_is_refused_or_says_less(void **state)
{
	BUF_AUTO payload = { 0 };

	put_payload(&payload);
	for (size_t len = 0; len < payload.len; len++) {
		struct foreign_context context = { 0 };
		char *cut = test_malloc(len + 1);

		memcpy(cut, payload.at, len);
		foreign_context_decode((struct view){ cut, len }, &context, NULL);
		assert_false(context.pushes_cpu);
		foreign_context_fini(&context);
		test_free(cut);
	}
}

static void other_schemas_are_not_ours_to_read(void **state)
{
	struct foreign_context context = { 0 };
	BUF_AUTO payload = { 0 };

	put_attribute(&payload, 2, "threadlocal.schema_version", "go_pprof_labels_v1");
	assert_int_equal(foreign_context_decode(buf_view(&payload), &context, NULL), 0);
	assert_false(context.has_threads);
	foreign_context_fini(&context);
}

static void it_is_found_in_a_process_and_read_anew(void **state)
{
	struct foreign_context context;
	BUF_AUTO payload = { 0 };
	struct foreign_header *header;
	struct err err;

	assert_int_equal(foreign_context_read(getpid(), &context, &err), ERR_NOT_FOUND);
	put_payload(&payload);
	header = publish_payload(&payload);
	assert_int_equal(foreign_context_read(getpid(), &context, NULL), 0);
	assert_int_equal(context.address, (uintptr_t)header);
	assert_view_equal(foreign_context_resource(&context, VIEW("service.name")), "shop");
	assert_false(foreign_context_is_old(getpid(), &context));
	header->published_ns = 8;
	assert_true(foreign_context_is_old(getpid(), &context));
	foreign_context_fini(&context);

	header->published_ns = 0; /* it changes */
	assert_int_equal(foreign_context_read(getpid(), &context, &err), ERR_IO);
	header->published_ns = 9;
	header->payload = 0xdead000;
	assert_int_equal(foreign_context_read(getpid(), &context, &err), ERR_IO);
	header->size = UINT32_MAX;
	assert_int_equal(foreign_context_read(getpid(), &context, &err), ERR_CORRUPT);
	header->size = 0;
	header->version = 3;
	assert_int_equal(foreign_context_read(getpid(), &context, &err), ERR_CORRUPT);
	munmap(header, 4096);
	assert_int_equal(foreign_context_read(getpid(), &context, &err), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_payload_says_names_and_resources),
		cmocka_unit_test(a_payload_that_is_cut_is_refused_or_says_less),
		cmocka_unit_test(other_schemas_are_not_ours_to_read),
		cmocka_unit_test(it_is_found_in_a_process_and_read_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
