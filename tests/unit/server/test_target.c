/* test_target: labels and addresses as relabelling leaves them. */
#include "testing.h"

#include "server/target.h"

struct file {
	struct conf_list scrape_configs;
};

static const struct conf_field FIELDS[] = {
	CONF_FIELD(struct file, scrape_configs, CONF_STRUCTS, .of = &scrape_job_conf),
};
static const struct conf_struct FILE_ = { sizeof(struct file), FIELDS, 1, NULL };

static struct arena arena;

static struct scrape_job *job_of(const char *more)
{
	static struct file file;
	BUF_AUTO yaml = { 0 };
	struct err err = { 0 };

	arena_init(&arena, 0);
	buf_add_format(&yaml,
		"scrape_configs:\n- job_name: shop\n  static_configs: [{targets: []}]\n%s", more);
	if (conf_read(&(struct conf_source){ "s.yml", buf_view(&yaml) }, &FILE_, &file, &arena,
		    &err) ||
		scrape_prepare(file.scrape_configs.at, 1, &err))
		fail_msg("%s", err.text);
	return file.scrape_configs.at;
}

static void done(struct scrape_job *job)
{
	scrape_release(job, 1);
	arena_fini(&arena);
}

static struct target make(struct scrape_job *job, const char *address, bool kept)
{
	struct conf_pair region = { "region", "eu" };
	struct conf_pairs labels = { &region, 1 };
	struct discovery_found found = { address, &labels, "__meta_filepath", "/etc/x" };
	struct target target = { 0 };
	struct err err = { 0 };
	int made = target_make(job, &found, &arena, &target, &err);

	if (made < 0)
		fail_msg("%s", err.text);
	assert_int_equal(made, kept);
	return target;
}

static void has_labels(const struct target *target, const char *text)
{
	BUF_AUTO all = { 0 };

	for (size_t i = 0; i < target->labels.n; i++) {
		buf_add_view(&all, target->labels.at[i].name);
		buf_add_char(&all, '=');
		buf_add_view(&all, target->labels.at[i].value);
		buf_add_char(&all, ' ');
	}
	assert_view_equal(buf_view(&all), text);
}

static void a_target_has_its_jobs_name_and_its_own(void **state)
{
	struct scrape_job *job = job_of("");
	struct target one = make(job, "a:1", true), same = make(job, "a:1", true),
		      other = make(job, "a:2", true);

	assert_string_equal(one.base, "http://a:1");
	has_labels(&one, "instance=a:1 job=shop region=eu service_name=shop ");
	assert_true(one.key == same.key);
	assert_true(one.key != other.key);
	done(job);
}

static void rules_may_change_everything(void **state)
{
	struct scrape_job *job =
		job_of("  scheme: https\n"
		       "  profiling_config: {path_prefix: /admin/}\n"
		       "  relabel_configs:\n"
		       "  - {source_labels: [__address__], regex: 'b:.*', action: drop}\n"
		       "  - {source_labels: [__address__], regex: '(.*):.*', "
		       "replacement: '$1:9', target_label: __address__}\n"
		       "  - {source_labels: [__meta_filepath], target_label: file}\n"
		       "  - {replacement: cart, target_label: service_name}\n"
		       "  - {regex: region, action: labeldrop}\n");
	struct target target = make(job, "a:1", true);

	assert_string_equal(target.base, "https://a:9/admin");
	has_labels(&target, "file=/etc/x instance=a:9 job=shop service_name=cart ");
	make(job, "b:1", false);
	done(job);
}

static void addresses_that_are_none_are_refused(void **state)
{
	static const char *const WRONG[] = { "", "a:1/x", "ada@a:1", "a:1?x", "a b:1", "a:1\n" };
	struct scrape_job *job = job_of("");

	for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++) {
		struct discovery_found found = { .address = WRONG[i] };
		struct target target;

		assert_int_equal(target_make(job, &found, &arena, &target, NULL), ERR_USAGE);
	}
	done(job);
}

static void a_profiles_address_has_the_jobs_parameters(void **state)
{
	struct scrape_job *job = job_of("  params: {'a b': 'c&d', hz: 50}\n");
	struct target target = make(job, "a:1", true);
	BUF_AUTO url = { 0 };

	target_url(&target, scrape_kind(job, SCRAPE_CPU), 14, &url);
	assert_view_equal(
		buf_view(&url), "http://a:1/debug/pprof/profile?seconds=14&a%20b=c%26d&hz=50");
	buf_clear(&url);
	target_url(&target, &(struct scrape_kind){ true, "heap?gc=1", false }, 14, &url);
	assert_view_equal(buf_view(&url), "http://a:1/heap?gc=1&a%20b=c%26d&hz=50");
	done(job);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_target_has_its_jobs_name_and_its_own),
		cmocka_unit_test(rules_may_change_everything),
		cmocka_unit_test(addresses_that_are_none_are_refused),
		cmocka_unit_test(a_profiles_address_has_the_jobs_parameters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
