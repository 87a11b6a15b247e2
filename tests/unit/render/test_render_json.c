/* test_render_json: the tables as programs read them. */
#include "testing.h"

#include <cjson/cJSON.h>

#include "render/render_json.h"
#include "sample_service.h"

static cJSON *parsed(const struct buf *out)
{
	cJSON *json = cJSON_ParseWithLength(out->at, out->len);

	assert_non_null(json);
	return json;
}

static double number(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItem(object, key);

	assert_true(cJSON_IsNumber(item));
	return item->valuedouble;
}

static const char *text(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItem(object, key));
}

static void the_top_table_has_exact_values(void **state)
{
	PROFILE_AUTO p = service_profile();
	struct render_text_options options = { .rows_max = 2 };
	const cJSON *rows, *row;
	BUF_AUTO out = { 0 };
	cJSON *json;

	p->accounting = (struct accounting){ .known = true, .attempted = 9, .complete = 8 };
	p->accounting.truncated[TRUNCATED_DEPTH] = 1;
	assert_int_equal(render_json_top(p, &options, &out, NULL), 0);
	json = parsed(&out);
	rows = cJSON_GetObjectItem(json, "functions");
	row = cJSON_GetArrayItem(rows, 1);
	assert_string_equal(text(json, "type"), "cpu");
	assert_string_equal(text(json, "unit"), "nanoseconds");
	assert_true(number(json, "whole") == 1e9);
	assert_true(number(json, "n_functions") == 5);
	assert_int_equal(cJSON_GetArraySize(rows), 2);
	assert_string_equal(text(row, "name"), "search");
	assert_true(number(row, "self") == 3e8);
	assert_true(number(row, "total") == 9e8);
	row = cJSON_GetObjectItem(cJSON_GetObjectItem(json, "capture"), "truncated");
	assert_true(number(row, "depth") == 1);
	cJSON_Delete(json);
}

static struct profile *counted(int64_t regcomp, int64_t match)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(p, service_push(p, STACK_EMPTY, "regcomp"), 0, &regcomp);
	profile_add(p, service_push(p, STACK_EMPTY, "match"), 0, &match);
	profile_add(p, service_push(p, STACK_EMPTY, "same"), 0, (int64_t[]){ 1000 });
	return p;
}

static void only_changes_beyond_chance_are_listed_unless_all_are_wanted(void **state)
{
	PROFILE_AUTO base = counted(500, 500);
	PROFILE_AUTO now = counted(100, 900);
	BUF_AUTO some = { 0 };
	BUF_AUTO all = { 0 };
	const cJSON *row;
	cJSON *json;

	assert_int_equal(
		render_json_diff(base, now, &(struct render_diff_options){ 0 }, &some, NULL), 0);
	json = parsed(&some);
	assert_true(number(json, "n_significant") == 2);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(json, "functions")), 2);
	assert_true(number(cJSON_GetObjectItem(json, "base"), "samples") == 2000);
	row = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "functions"), 0);
	assert_true(number(row, "low") < number(row, "share") - number(row, "base_share"));
	assert_true(number(row, "high") > number(row, "share") - number(row, "base_share"));
	assert_true(cJSON_IsTrue(cJSON_GetObjectItem(row, "significant")));
	cJSON_Delete(json);

	assert_int_equal(render_json_diff(base, now, &(struct render_diff_options){ .all = true },
				 &all, NULL),
		0);
	json = parsed(&all);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(json, "functions")), 3);
	cJSON_Delete(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_top_table_has_exact_values),
		cmocka_unit_test(only_changes_beyond_chance_are_listed_unless_all_are_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
