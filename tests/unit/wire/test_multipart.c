/* test_multipart: forms as curl and Go send them, and cut anywhere. */
#include "testing.h"

#include "wire/multipart.h"

#define TYPE VIEW("multipart/form-data; boundary=xyz")
#define BODY                                                                                  \
	"--xyz\r\nContent-Disposition: form-data; name=\"profile\"; filename=\"p.pprof\"\r\n" \
	"Content-Type: application/octet-stream\r\n\r\none\r\n--two\r\n"                      \
	"--xyz\r\ncontent-disposition: form-data; name=config\r\n\r\n\r\n--xyz--\r\n"

static void parts_have_names_and_bodies(void **state)
{
	struct multipart parts;
	struct multipart_part part;

	assert_true(multipart_begin(&parts, TYPE, VIEW(BODY)));
	assert_true(multipart_next(&parts, &part));
	assert_view_equal(part.name, "profile");
	assert_view_equal(part.file, "p.pprof");
	assert_view_equal(part.body, "one\r\n--two");
	assert_true(multipart_next(&parts, &part));
	assert_view_equal(part.name, "config");
	assert_int_equal(part.body.len, 0);
	assert_false(multipart_next(&parts, &part));
	assert_null(parts.wrong);
}

static void a_preamble_is_skipped_and_a_boundary_may_be_quoted(void **state)
{
	struct multipart parts;
	struct multipart_part part;

	assert_true(multipart_begin(&parts,
		VIEW("Multipart/Form-Data; charset=x; Boundary=\"xyz\""), VIEW("hello\r\n" BODY)));
	assert_true(multipart_next(&parts, &part));
	assert_view_equal(part.name, "profile");
}

static void without_a_boundary_there_is_no_beginning(void **state)
{
	struct multipart parts;

	assert_false(multipart_begin(&parts, VIEW("application/json"), VIEW(BODY)));
	assert_false(multipart_begin(&parts, VIEW("multipart/form-data"), VIEW(BODY)));
	assert_false(multipart_begin(&parts, VIEW("multipart/form-data; boundary="), VIEW(BODY)));
	assert_false(multipart_begin(&parts,
		VIEW("multipart/form-data; boundary=01234567890123456789012345678901234567890123456"
		     "7890123456789012345678901234567890"),
		VIEW(BODY)));
}

static void a_body_cut_anywhere_is_wrong(void **state)
{
	struct view body = VIEW(BODY);

	for (size_t len = 0; len < body.len - strlen("--\r\n"); len++) {
		struct multipart parts;
		struct multipart_part part;
		unsigned n = 0;

		assert_true(multipart_begin(&parts, TYPE, (struct view){ body.at, len }));
		while (multipart_next(&parts, &part))
			n++;
		assert_true(parts.wrong && n <= 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_have_names_and_bodies),
		cmocka_unit_test(a_preamble_is_skipped_and_a_boundary_may_be_quoted),
		cmocka_unit_test(without_a_boundary_there_is_no_beginning),
		cmocka_unit_test(a_body_cut_anywhere_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
