/* test_relabel: each action does what Prometheus' does. */
#include "testing.h"

#include <stdio.h>

#include "server/relabel.h"

struct rules_file {
	struct conf_list rules;
};

static const struct conf_field FIELDS[] = {
	CONF_FIELD(struct rules_file, rules, CONF_STRUCTS, .of = &relabel_rule_conf),
};
static const struct conf_struct RULES_FILE = { sizeof(struct rules_file), FIELDS, 1, NULL };

struct fixture {
	struct arena arena;
	struct relabel_set set;
	bool kept;
};

static void fill(struct fixture *f)
{
	relabel_put(&f->set, VIEW("__address__"), VIEW("shop-1.eu:6060"));
	relabel_put(&f->set, VIEW("__meta_pod"), VIEW("shop-1"));
	relabel_put(&f->set, VIEW("__meta_zone"), VIEW("EU"));
	relabel_put(&f->set, VIEW("job"), VIEW("shop"));
}

static struct fixture *run(const char *yaml)
{
	static struct fixture f;
	struct rules_file file = { 0 };
	struct err err = { 0 };

	f = (struct fixture){ .set = { .arena = &f.arena } };
	arena_init(&f.arena, 0);
	fill(&f);
	if (conf_read(&(struct conf_source){ "r.yml", view_of(yaml) }, &RULES_FILE, &file, &f.arena,
		    &err) ||
		relabel_prepare(file.rules.at, file.rules.n, &err))
		fail_msg("%s: %s", yaml, err.text);
	f.kept = relabel(file.rules.at, file.rules.n, &f.set);
	assert_false(f.set.failed);
	relabel_release(file.rules.at, file.rules.n);
	return &f;
}

static void gives(const char *yaml, const char *name, const char *value)
{
	struct fixture *f = run(yaml);

	assert_true(f->kept);
	assert_view_equal(relabel_get(&f->set, view_of(name)), value);
	arena_fini(&f->arena);
}

static void keeps(const char *yaml, bool kept)
{
	struct fixture *f = run(yaml);

	assert_int_equal(f->kept, kept);
	arena_fini(&f->arena);
}

static void values_are_replaced(void **state)
{
	gives("rules: [{source_labels: [__address__], regex: '(.+):\\d+', target_label: host}]",
		"host", "shop-1.eu");
	gives("rules: [{source_labels: [job, __meta_pod], target_label: both}]", "both",
		"shop;shop-1");
	gives("rules: [{source_labels: [job, __meta_pod], separator: /, target_label: b}]", "b",
		"shop/shop-1");
	gives("rules: [{source_labels: [job], regex: other, target_label: host}]", "host", "");
	gives("rules: [{source_labels: [job], regex: sho, target_label: host}]", "host", "");
	gives("rules: [{replacement: fixed, target_label: env}]", "env", "fixed");
	gives("rules: [{source_labels: [job], replacement: '', target_label: job}]", "job", "");
	gives("rules: [{source_labels: [job], target_label: '${1}_of', replacement: x}]", "shop_of",
		"x");
	gives("rules: [{action: lowercase, source_labels: [__meta_zone], target_label: zone}]",
		"zone", "eu");
	gives("rules: [{action: uppercase, source_labels: [job], target_label: job}]", "job",
		"SHOP");
}

static void shards_are_those_of_prometheus(void **state)
{
	/* echo -n shop | md5sum: the last 8 bytes modulo 8 */
	gives("rules: [{action: hashmod, source_labels: [job], modulus: 8, target_label: s}]", "s",
		"5");
}

static void names_are_mapped_and_dropped(void **state)
{
	gives("rules: [{action: labelmap, regex: __meta_(.+)}]", "pod", "shop-1");
	gives("rules: [{action: labeldrop, regex: __meta_.+}]", "__meta_pod", "");
	gives("rules: [{action: labeldrop, regex: __meta_.+}]", "job", "shop");
	gives("rules: [{action: labelkeep, regex: job}]", "__address__", "");
	gives("rules: [{action: labelkeep, regex: job}]", "job", "shop");
}

static void targets_are_kept_and_dropped(void **state)
{
	keeps("rules: [{action: keep, source_labels: [job], regex: shop|cart}]", true);
	keeps("rules: [{action: keep, source_labels: [job], regex: cart}]", false);
	keeps("rules: [{action: drop, source_labels: [job], regex: shop|cart}]", false);
	keeps("rules: [{action: drop, source_labels: [job], regex: ho}]", true);
	keeps("rules: [{action: keepequal, source_labels: [job], target_label: __meta_pod}]",
		false);
	keeps("rules: [{action: dropequal, source_labels: [job], target_label: job}]", false);
	keeps("rules: []", true);
}

static void refuses(const char *yaml, const char *sentence)
{
	ARENA_AUTO arena = { 0 };
	struct rules_file file = { 0 };
	struct err err = { 0 };

	arena_init(&arena, 0);
	assert_int_equal(conf_read(&(struct conf_source){ "r.yml", view_of(yaml) }, &RULES_FILE,
				 &file, &arena, &err),
		0);
	assert_int_equal(relabel_prepare(file.rules.at, file.rules.n, &err), ERR_USAGE);
	if (!strstr(err.text, sentence))
		fail_msg("\"%s\" without \"%s\"", err.text, sentence);
	relabel_release(file.rules.at, file.rules.n);
}

static void a_rule_without_sense_is_named(void **state)
{
	refuses("rules:\n- source_labels: [a]\n", "line 2: a rule to replace needs target_label");
	refuses("rules:\n- {action: hashmod, target_label: a}\n",
		"line 2: a rule to hashmod needs modulus");
	refuses("rules:\n- {regex: '(', target_label: a}\n",
		"line 2: '(' is no regular expression");
}

static void too_many_labels_are_said(void **state)
{
	struct arena arena;
	struct relabel_set set = { .arena = &arena };
	char name[16];

	arena_init(&arena, 0);
	for (unsigned i = 0; i <= RELABEL_LABELS_MAX; i++) {
		assert_false(set.failed);
		snprintf(name, sizeof(name), "n%u", i);
		relabel_put(&set, view_of(name), VIEW("x"));
	}
	assert_true(set.failed);
	assert_int_equal(set.n, RELABEL_LABELS_MAX);
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_replaced),
		cmocka_unit_test(shards_are_those_of_prometheus),
		cmocka_unit_test(names_are_mapped_and_dropped),
		cmocka_unit_test(targets_are_kept_and_dropped),
		cmocka_unit_test(a_rule_without_sense_is_named),
		cmocka_unit_test(too_many_labels_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
