/* test_selection: what the shared options leave of a profile (pprof_views compares with pprof). */
#include "testing.h"

#include "cli/selection.h"
#include "model/frames.h"
#include "model/profile.h"

/* main calls search, which calls regcomp; and send. One sample each has a label. */
static struct profile *service(void)
{
	struct profile *p = profile_new();
	uint32_t main_ = profile_push(p, STACK_EMPTY, profile_named(p, VIEW("main")));
	uint32_t search = profile_push(p, main_, profile_named(p, VIEW("search")));
	uint32_t regcomp = profile_push(p, search, profile_named(p, VIEW("regcomp")));
	uint32_t send = profile_push(p, main_, profile_named(p, VIEW("send")));
	struct label job = { profile_string(p, VIEW("job")), profile_string(p, VIEW("nightly")), 0,
		0 };
	struct label size = { profile_string(p, VIEW("size")), 0, 4096,
		profile_string(p, VIEW("bytes")) };

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	profile_add(p, regcomp, profile_labels(p, &job, 1), (int64_t[]){ 1, 10 });
	profile_add(p, search, 0, (int64_t[]){ 2, 20 });
	profile_add(p, send, profile_labels(p, &size, 1), (int64_t[]){ 4, 40 });
	return p;
}

/* What is left of the default type's total; 0 if nothing is. */
static int64_t left_by(const struct selection *selection)
{
	PROFILE_AUTO p = service();
	int64_t whole = 0;
	int rc = selection_apply(selection, &p, &whole, NULL);

	if (rc == ERR_NOT_FOUND)
		return 0;
	assert_int_equal(rc, 0);
	assert_int_equal(whole, 70);
	return profile_total(p, (size_t)profile_find_type(p, VIEW("")));
}

static void nothing_asked_for_changes_nothing(void **state)
{
	PROFILE_AUTO p = service();
	const struct profile *before = p;

	assert_int_equal(selection_apply(&(struct selection){ 0 }, &p, NULL, NULL), 0);
	assert_ptr_equal(p, before);
}

static void names_choose_stacks(void **state)
{
	assert_int_equal(left_by(&(struct selection){ .focus = "^search$" }), 30);
	assert_int_equal(left_by(&(struct selection){ .ignore = "^search$" }), 40);
	assert_int_equal(left_by(&(struct selection){ .focus = "e", .ignore = "reg" }), 60);
	assert_int_equal(left_by(&(struct selection){ .show_from = "search" }), 30);
	assert_int_equal(left_by(&(struct selection){ .show = "send" }), 40);
	assert_int_equal(left_by(&(struct selection){ .hide = "regcomp" }), 70);
	assert_int_equal(left_by(&(struct selection){ .focus = "nobody" }), 0);
}

static int64_t left_by_tags(const char *tag, const char *another, bool ignore)
{
	const char *typed[] = { tag, another };
	struct option_list list = { .at = typed, .count = another ? 2 : 1 };
	struct selection selection = { 0 };

	*(ignore ? &selection.tag_ignore : &selection.tag) = list;
	return left_by(&selection);
}

static void labels_choose_samples(void **state)
{
	assert_int_equal(left_by_tags("job=^night", NULL, false), 10);
	assert_int_equal(left_by_tags("job", NULL, false), 10);
	assert_int_equal(left_by_tags("job=day", NULL, false), 0);
	assert_int_equal(left_by_tags("size=^4096bytes$", NULL, false), 40);
	assert_int_equal(left_by_tags("job=night", NULL, true), 60);
}

static void several_labels_must_all_match_but_one_is_enough_to_ignore(void **state)
{
	assert_int_equal(left_by_tags("job", "size", false), 0);
	assert_int_equal(left_by_tags("job", "size", true), 20);
}

static void the_type_becomes_the_default_one(void **state)
{
	PROFILE_AUTO p = service();
	int64_t whole;
	struct err err;

	assert_int_equal(
		selection_apply(&(struct selection){ .type = "samples" }, &p, &whole, &err), 0);
	assert_int_equal(whole, 7);
	assert_int_equal(profile_find_type(p, VIEW("")), 0);
	assert_int_equal(
		selection_apply(&(struct selection){ .type = "heat" }, &p, NULL, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "heat"));
}

/* The name of the frame at the root of a sample's stack. */
static struct view root_of(const struct profile *p, size_t sample)
{
	uint32_t at = p->samples[sample].stack;
	const struct location *location;

	while (p->stacks.nodes[at].parent != STACK_EMPTY)
		at = p->stacks.nodes[at].parent;
	location = &p->locations[p->stacks.nodes[at].location];
	return profile_text(p, p->functions[p->lines[location->first_line].function].name);
}

static void a_label_becomes_the_root_before_names_are_matched(void **state)
{
	PROFILE_AUTO p = service();
	struct selection selection = { .group_by = "job", .focus = "nightly" };
	struct err err;

	assert_int_equal(selection_apply(&selection, &p, NULL, &err), 0);
	assert_int_equal(p->n_samples, 1);
	assert_view_equal(root_of(p, 0), "nightly");
	selection.group_by = "nightly"; /* a text of the profile, but no key */
	assert_int_equal(selection_apply(&selection, &p, NULL, &err), ERR_NOT_FOUND);
}

static void slips_are_told_before_anything_is_read(void **state)
{
	const char *nameless[] = { "=x" };
	struct selection selection = { .show_from = "(" };
	struct err err;

	assert_int_equal(selection_check(&(struct selection){ .focus = "a" }, &err), 0);
	assert_int_equal(selection_check(&selection, &err), ERR_USAGE);
	selection = (struct selection){ .tag = { .at = nameless, .count = 1 } };
	assert_int_equal(selection_check(&selection, &err), ERR_USAGE);
}

static void an_expression_that_gives_up_is_an_error_not_an_empty_result(void **state)
{
	PROFILE_AUTO p = profile_new();
	uint32_t name =
		profile_named(p, VIEW("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"));

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(p, profile_push(p, STACK_EMPTY, name), 0, (int64_t[]){ 1 });
	assert_int_equal(selection_apply(&(struct selection){ .hide = "^(a+)+$" }, &p, NULL, NULL),
		ERR_LIMIT);
}

static void filters_are_described_line_by_line(void **state)
{
	const char *tags[] = { "job=x" };
	struct selection selection = {
		.focus = "a", .show_from = "b", .tag = { .at = tags, .count = 1 }
	};
	BUF_AUTO out = { 0 };

	selection_describe(&selection, &out);
	assert_view_equal(buf_view(&out), "   focus=a\n   show_from=b\n   tagfocus=job=x\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_asked_for_changes_nothing),
		cmocka_unit_test(names_choose_stacks),
		cmocka_unit_test(labels_choose_samples),
		cmocka_unit_test(several_labels_must_all_match_but_one_is_enough_to_ignore),
		cmocka_unit_test(the_type_becomes_the_default_one),
		cmocka_unit_test(a_label_becomes_the_root_before_names_are_matched),
		cmocka_unit_test(slips_are_told_before_anything_is_read),
		cmocka_unit_test(an_expression_that_gives_up_is_an_error_not_an_empty_result),
		cmocka_unit_test(filters_are_described_line_by_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
