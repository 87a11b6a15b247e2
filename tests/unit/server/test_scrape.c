/* test_scrape: what Prometheus' users write is understood, and what makes no sense is named.
 */
#include "testing.h"

#include "server/scrape.h"

struct file {
	struct conf_list scrape_configs;
};

static const struct conf_field FIELDS[] = {
	CONF_FIELD(struct file, scrape_configs, CONF_STRUCTS, .of = &scrape_job_conf),
};
static const struct conf_struct FILE_ = { sizeof(struct file), FIELDS, 1, NULL };

static int read(const char *yaml, struct file *file, struct arena *arena, struct err *err)
{
	int code;

	*file = (struct file){ 0 };
	arena_init(arena, 0);
	code = conf_read(&(struct conf_source){ "s.yml", view_of(yaml) }, &FILE_, file, arena, err);
	return code ? code : scrape_prepare(file->scrape_configs.at, file->scrape_configs.n, err);
}

static void a_job_has_sensible_defaults(void **state)
{
	ARENA_AUTO arena = { 0 };
	struct file file;
	struct err err = { 0 };
	struct scrape_job *job;

	if (read("scrape_configs:\n"
		 "- job_name: shop\n"
		 "  static_configs: [{targets: ['a:1', 'b:2'], labels: {region: eu}}]\n"
		 "  relabel_configs: [{source_labels: [__address__], target_label: x}]\n"
		 "  profiling_config: {pprof_config: {mutex: {enabled: false}}}\n",
		    &file, &arena, &err))
		fail_msg("%s", err.text);
	job = file.scrape_configs.at;
	assert_int_equal(job->scrape_interval, 15000000000);
	assert_int_equal(job->scrape_timeout, 18000000000);
	assert_int_equal(((struct scrape_static *)job->static_configs.at)->targets.n, 2);
	assert_true(scrape_kind(job, SCRAPE_CPU)->enabled);
	assert_string_equal(scrape_kind(job, SCRAPE_CPU)->path, "/debug/pprof/profile");
	assert_true(scrape_kind(job, SCRAPE_ALLOCS)->delta);
	assert_false(scrape_kind(job, SCRAPE_MUTEX)->enabled);
	assert_string_equal(scrape_kind(job, SCRAPE_MUTEX)->path, "/debug/pprof/mutex");
	assert_string_equal(scrape_kind(job, SCRAPE_GOROUTINE)->path, "/debug/pprof/goroutine");
	assert_false(scrape_kind(job, SCRAPE_WALL)->enabled);
	assert_string_equal(scrape_kind_name(SCRAPE_ALLOCS), "memory");
	scrape_release(job, 1);
}

static void refuses(const char *yaml, const char *sentence)
{
	ARENA_AUTO arena = { 0 };
	struct file file;
	struct err err = { 0 };

	assert_true(read(yaml, &file, &arena, &err) < 0);
	if (!strstr(err.text, sentence))
		fail_msg("\"%s\" without \"%s\"", err.text, sentence);
	scrape_release(file.scrape_configs.at, file.scrape_configs.n);
}

#define JOB "scrape_configs:\n- job_name: a\n"
#define TARGET "  static_configs: [{targets: [x]}]\n"

static void what_makes_no_sense_is_named(void **state)
{
	refuses("scrape_configs:\n- static_configs: []\n",
		"s.yml:2: 'job_name' has to be given here");
	refuses(JOB, "line 2: job 'a' has no targets");
	refuses(JOB TARGET "- job_name: a\n" TARGET, "line 4: job 'a' stands in line 2 already");
	refuses(JOB TARGET "  scrape_interval: 1s\n",
		"s.yml:4: scrape_interval is 2s to 1d, not 1s");
	refuses(JOB "  dns_sd_configs: [{names: [x], type: A}]\n", "type A have no port");
	refuses(JOB TARGET "  authorization: {credentials: x, credentials_file: y}\n", "not both");
	refuses(JOB TARGET "  basic_auth: {username: x}\n  authorization: {credentials: x}\n",
		"not both");
	refuses(JOB TARGET "  profiling_config: {pprof_config: {cpu: {}}}\n",
		"s.yml:4: there is no 'cpu' here; there are: process_cpu, memory");
	refuses(JOB TARGET "  relabel_configs:\n  - {action: hashmod, target_label: x}\n",
		"line 5: a rule to hashmod needs modulus");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_job_has_sensible_defaults),
		cmocka_unit_test(what_makes_no_sense_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
