/* test_page: the files of the page, where it was built. */
#include "testing.h"

#include <stdio.h>

#include "render/page.h"
#include "wire/gzip.h"

static void every_file_unzips_to_itself(void **state)
{
	for (const struct page_file *file = page_files; file->path; file++) {
		BUF_AUTO plain = { 0 };
		struct gzip_limits limits = { .bytes_max = 1 << 20 };

		assert_int_equal(gzip_inflate(file->gzip, &limits, &plain, NULL), 0);
		assert_true(view_equal(buf_view(&plain), file->plain));
		assert_ptr_equal(page_find(file->path), file);
	}
}

static void the_pages_are_all_that_may_change(void **state)
{
	assert_non_null(page_find("/"));
	assert_non_null(page_find("/dash"));
	for (const struct page_file *file = page_files; file->path; file++) {
		bool is_page = strcmp(file->path, "/") == 0 || strcmp(file->path, "/dash") == 0;

		assert_int_equal(file->immutable, !is_page);
	}
}

static void what_is_not_there_is_not_found(void **state)
{
	assert_null(page_find(""));
	assert_null(page_find("/nothing"));
	assert_null(page_find("/../etc/passwd"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_unzips_to_itself),
		cmocka_unit_test(the_pages_are_all_that_may_change),
		cmocka_unit_test(what_is_not_there_is_not_found),
	};

	if (!page_is_built()) {
		printf("skipped: the page was not built (npm run build in web/)\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
