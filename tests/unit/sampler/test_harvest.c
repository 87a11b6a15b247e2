/* test_harvest: records are taken apart within their bounds. */
#include "testing.h"

#include <stdlib.h>

#include "sampler/sampler_impl.h"

static char *record_of(uint16_t n_kernel, uint16_t n_user, uint32_t slice_bytes, size_t *ret_len)
{
	size_t len = sizeof(struct sample_record) + (size_t)(n_kernel + n_user) * 8 + slice_bytes;
	struct sample_record *r = calloc(1, len);
	uint64_t *frames = (uint64_t *)(r + 1);

	r->n_kernel = n_kernel;
	r->n_user = n_user;
	r->slice_bytes = slice_bytes;
	for (unsigned i = 0; i < (unsigned)n_kernel + n_user; i++)
		frames[i] = 1000 + i;
	memset((char *)(frames + n_kernel + n_user), 's', slice_bytes);
	*ret_len = len;
	return (char *)r;
}

static void every_part_is_found(void **state)
{
	size_t len;
	char *bytes = record_of(2, 3, 16, &len);
	struct harvest h;

	assert_true(harvest_parse((struct view){ bytes, len }, &h));
	assert_int_equal(h.kernel[1], 1001);
	assert_int_equal(h.user[0], 1002);
	assert_int_equal(h.user[2], 1004);
	assert_int_equal(h.slice[15], 's');
	free(bytes);
}

static void a_record_cut_anywhere_is_refused(void **state)
{
	size_t whole;
	char *bytes = record_of(2, 3, 16, &whole);

	for (size_t len = 0; len < whole; len++) {
		char *cut = malloc(len ? len : 1);
		struct harvest h;

		memcpy(cut, bytes, len);
		assert_false(harvest_parse((struct view){ cut, len }, &h));
		free(cut);
	}
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_part_is_found),
		cmocka_unit_test(a_record_cut_anywhere_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
