/* test_html: one document, in which no name of the profile is to be read. */
#include "testing.h"

#include <stdio.h>

#include "folded_tree.h"
#include "render/html.h"
#include "render/page.h"

#define HOSTILE "</script><img/src=x/onerror=alert(1)>"

static void the_document_has_the_page_around_the_profile(void **state)
{
	PROFILE_AUTO p = folded_profile("a;b 5\n");
	BUF_AUTO out = { 0 };

	assert_int_equal(html_write(p, &(struct html_options){ .title = "t" }, &out, NULL), 0);
	assert_true(view_starts(buf_view(&out), page_export_head));
	assert_true(view_ends(buf_view(&out), page_export_tail));
	buf_add_char(&out, '\0');
	assert_non_null(strstr(out.at, "id=\"profile-about\""));
	assert_non_null(strstr(out.at, "id=\"profile-0-\""));
}

static void hostile_names_titles_and_labels_are_nowhere_in_clear(void **state)
{
	PROFILE_AUTO p = folded_profile(HOSTILE ";b 5\n");
	struct label label = { .key = profile_string(p, VIEW("\"><b>")),
		.str = profile_string(p, VIEW(HOSTILE)) };
	BUF_AUTO out = { 0 };

	profile_add(p, profile_push(p, 0, profile_named(p, VIEW("m"))),
		profile_labels(p, &label, 1), (int64_t[]){ 1 });
	assert_int_equal(html_write(p, &(struct html_options){ .title = HOSTILE }, &out, NULL), 0);
	buf_add_char(&out, '\0');
	assert_null(strstr(out.at, "onerror"));
	assert_null(strstr(out.at, "\"><b>"));
}

static void it_holds_every_type_grouped_by_every_label(void **state)
{
	static const char *const views[] = { "profile-0-", "profile-1-", "profile-0-tier",
		"profile-1-tier", "profile-0-zone", "profile-1-zone" };
	PROFILE_AUTO p = profile_new();
	BUF_AUTO out = { 0 };

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	for (int i = 0; i < 2; i++) {
		struct label label = { .key = profile_string(p, i ? VIEW("zone") : VIEW("tier")),
			.str = profile_string(p, VIEW("one")) };

		profile_add(p, profile_push(p, 0, profile_named(p, VIEW("m"))),
			profile_labels(p, &label, 1), (int64_t[]){ 1, 10 });
	}
	assert_int_equal(html_write(p, &(struct html_options){ .title = "t" }, &out, NULL), 0);
	buf_add_char(&out, '\0');
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		char id[64];

		snprintf(id, sizeof(id), "id=\"%s\"", views[i]);
		assert_non_null(strstr(out.at, id));
	}
}

static void labels_that_would_make_it_too_large_are_not_offered(void **state)
{
	struct html_options options = { .title = "t", .grouped_max = 40 };
	PROFILE_AUTO p = folded_profile("");
	struct label label = { .key = profile_string(p, VIEW("tier")),
		.str = profile_string(p, VIEW("one")) };
	BUF_AUTO out = { 0 };

	profile_add(p, profile_push(p, 0, profile_named(p, VIEW("m"))),
		profile_labels(p, &label, 1), (int64_t[]){ 1 });
	assert_int_equal(html_write(p, &options, &out, NULL), 0);
	buf_add_char(&out, '\0');
	assert_non_null(strstr(out.at, "id=\"profile-0-\""));
	assert_null(strstr(out.at, "id=\"profile-0-tier\""));
}

static void a_profile_without_types_is_refused(void **state)
{
	PROFILE_AUTO p = profile_new();
	BUF_AUTO out = { 0 };
	struct err err;

	assert_int_equal(
		html_write(p, &(struct html_options){ .title = "t" }, &out, &err), ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_document_has_the_page_around_the_profile),
		cmocka_unit_test(hostile_names_titles_and_labels_are_nowhere_in_clear),
		cmocka_unit_test(it_holds_every_type_grouped_by_every_label),
		cmocka_unit_test(labels_that_would_make_it_too_large_are_not_offered),
		cmocka_unit_test(a_profile_without_types_is_refused),
	};

	if (!page_is_built()) {
		printf("skipped: the page was not built (npm run build in web/)\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
