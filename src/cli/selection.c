/* selection: the part of a profile that the user asks for, in the same words for every command. */
#include "cli/selection.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/copy.h"
#include "model/filter.h"
#include "model/pattern.h"
#include "model/profile.h"

enum name_rule { FOCUS, IGNORE, HIDE, SHOW, SHOW_FROM, NAME_RULES };

struct tag_rule {
	struct view key;
	struct pattern *value; /* owned; NULL: any value */
};

struct tag_rules {
	struct tag_rule *at; /* owned */
	size_t n;
	bool all; /* every rule must match, not just one */
};

/* A selection ready to work: expressions compiled. */
struct rules {
	struct pattern *names[NAME_RULES]; /* owned; NULL: no such rule */
	struct tag_rules tag, tag_ignore;
};

/* ---- reading what was typed ---- */

static int read_tag(const char *typed, struct tag_rule *ret, struct err *err)
{
	const char *value = strchr(typed, '=');

	ret->key = value ? view_between(typed, value) : view_of(typed);
	if (!ret->key.len)
		return err_set(err, ERR_USAGE, "'%s' names no label: write KEY=REGEX", typed);
	return value ? pattern_new(value + 1, &ret->value, err) : 0;
}

static int read_tags(const struct option_list *typed, struct tag_rules *ret, struct err *err)
{
	int rc = 0;

	ret->at = calloc(typed->count + 1, sizeof(*ret->at));
	if (!ret->at)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (; rc == 0 && ret->n < typed->count; ret->n++)
		rc = read_tag(typed->at[ret->n], &ret->at[ret->n], err);
	return rc;
}

static int read_rules(const struct selection *selection, struct rules *ret, struct err *err)
{
	const char *const typed[NAME_RULES] = { selection->focus, selection->ignore,
		selection->hide, selection->show, selection->show_from };
	int rc = 0;

	*ret = (struct rules){ .tag.all = true };
	for (int i = 0; rc == 0 && i < NAME_RULES; i++)
		if (typed[i])
			rc = pattern_new(typed[i], &ret->names[i], err);
	if (rc == 0)
		rc = read_tags(&selection->tag, &ret->tag, err);
	if (rc == 0)
		rc = read_tags(&selection->tag_ignore, &ret->tag_ignore, err);
	return rc;
}

static void free_tags(struct tag_rules *tags)
{
	for (size_t i = 0; i < tags->n; i++)
		pattern_free(tags->at[i].value);
	free(tags->at);
}

static void free_rules(struct rules *rules)
{
	for (int i = 0; i < NAME_RULES; i++)
		pattern_free(rules->names[i]);
	free_tags(&rules->tag);
	free_tags(&rules->tag_ignore);
}

int selection_check(const struct selection *selection, struct err *err)
{
	struct rules rules;
	int rc = read_rules(selection, &rules, err);

	free_rules(&rules);
	return rc;
}

/* ---- matching ---- */

/* A number matches by its digits and unit: "4096bytes". */
static bool value_matches(
	const struct pattern *pattern, const struct profile *profile, const struct label *label)
{
	struct view unit = profile_text(profile, label->unit);
	char number[96];
	int len;

	if (label->str)
		return pattern_matches(pattern, profile_text(profile, label->str));
	len = snprintf(number, sizeof(number), "%" PRId64 "%.*s", label->num,
		(int)(unit.len < 64 ? unit.len : 64), unit.at ? unit.at : "");
	return pattern_matches(pattern, (struct view){ number, (size_t)len });
}

static bool tag_matches(
	const struct tag_rule *rule, const struct profile *profile, uint32_t label_set)
{
	const struct label_set *set = &profile->label_sets[label_set];

	for (uint32_t i = 0; i < set->count; i++) {
		const struct label *label = &profile->labels[set->first + i];

		if (view_equal(rule->key, profile_text(profile, label->key)) &&
			(!rule->value || value_matches(rule->value, profile, label)))
			return true;
	}
	return false;
}

static bool tags_match(const void *state, const struct profile *profile, uint32_t label_set)
{
	const struct tag_rules *tags = state;

	for (size_t i = 0; i < tags->n; i++)
		if (tag_matches(&tags->at[i], profile, label_set) != tags->all)
			return !tags->all;
	return tags->all;
}

static int check_tags(const struct tag_rules *tags, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < tags->n; i++)
		rc = pattern_check(tags->at[i].value, err);
	return rc;
}

static int check_rules(const struct rules *rules, struct err *err)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < NAME_RULES; i++)
		rc = pattern_check(rules->names[i], err);
	if (rc == 0)
		rc = check_tags(&rules->tag, err);
	return rc == 0 ? check_tags(&rules->tag_ignore, err) : rc;
}

/* ---- applying ---- */

static struct filter_text text_rule(const struct pattern *pattern)
{
	return (struct filter_text){ pattern ? pattern_matches : NULL, pattern };
}

static struct filter_labels label_rule(const struct tag_rules *tags)
{
	return (struct filter_labels){ tags->n ? tags_match : NULL, tags };
}

static bool has_filters(const struct selection *s)
{
	return s->focus || s->ignore || s->hide || s->show || s->show_from || s->tag.count ||
	       s->tag_ignore.count;
}

/* *profile becomes *made, which is then the old one, for the caller to free. */
static void exchange(struct profile **profile, struct profile **made)
{
	struct profile *old = *profile;

	*profile = *made;
	*made = old;
}

static int group(const struct selection *selection, struct profile **profile, struct err *err)
{
	PROFILE_AUTO grouped = NULL;
	uint32_t key = strings_find(&(*profile)->strings, view_of(selection->group_by));
	bool is_key = false;
	int rc;

	for (size_t i = 0; !is_key && key != STRINGS_NONE && i < (*profile)->n_labels; i++)
		is_key = (*profile)->labels[i].key == key;
	if (!is_key)
		return err_set(
			err, ERR_NOT_FOUND, "no sample has a label '%s'", selection->group_by);
	rc = copy_grouped(*profile, &key, 1, &grouped, err);
	if (rc == 0)
		exchange(profile, &grouped);
	return rc;
}

static int sift(const struct selection *selection, struct profile **profile, struct err *err)
{
	PROFILE_AUTO sifted = NULL;
	struct rules rules;
	int rc = read_rules(selection, &rules, err);

	if (rc == 0) {
		const struct filter_options options = {
			.focus = text_rule(rules.names[FOCUS]),
			.ignore = text_rule(rules.names[IGNORE]),
			.hide = text_rule(rules.names[HIDE]),
			.show = text_rule(rules.names[SHOW]),
			.show_from = text_rule(rules.names[SHOW_FROM]),
			.label_focus = label_rule(&rules.tag),
			.label_ignore = label_rule(&rules.tag_ignore),
		};

		rc = filter(*profile, &options, &sifted, err);
	}
	if (rc == 0)
		rc = check_rules(&rules, err);
	free_rules(&rules);
	if (rc < 0)
		return rc;
	exchange(profile, &sifted);
	if (sifted->n_samples && !(*profile)->n_samples)
		return err_set(err, ERR_NOT_FOUND, "no sample passes these filters");
	return 0;
}

/* So that whatever draws the profile shows this type first. */
static int choose_type(const char *name, struct profile *profile, struct err *err)
{
	int type = profile_find_type(profile, view_of(name));

	if (type < 0)
		return err_set(err, ERR_USAGE, "the profile has no sample type \"%.100s\"", name);
	profile->default_type = profile->types[type].type;
	return 0;
}

int selection_apply(const struct selection *selection, struct profile **profile, int64_t *ret_whole,
	struct err *err)
{
	int type, rc = 0;

	if (selection->type)
		rc = choose_type(selection->type, *profile, err);
	if (rc == 0 && selection->group_by)
		rc = group(selection, profile, err);
	if (rc < 0)
		return rc;
	type = profile_find_type(*profile, VIEW(""));
	if (ret_whole)
		*ret_whole = type < 0 ? 0 : profile_total(*profile, (size_t)type);
	return has_filters(selection) ? sift(selection, profile, err) : 0;
}

void selection_describe(const struct selection *selection, struct buf *out)
{
	const struct {
		const char *name, *value;
	} texts[] = {
		{ "focus", selection->focus },
		{ "ignore", selection->ignore },
		{ "hide", selection->hide },
		{ "show", selection->show },
		{ "show_from", selection->show_from },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (texts[i].value)
			buf_add_format(out, "   %s=%s\n", texts[i].name, texts[i].value);
	for (size_t i = 0; i < selection->tag.count; i++)
		buf_add_format(out, "   tagfocus=%s\n", selection->tag.at[i]);
	for (size_t i = 0; i < selection->tag_ignore.count; i++)
		buf_add_format(out, "   tagignore=%s\n", selection->tag_ignore.at[i]);
}
