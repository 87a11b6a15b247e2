/* survey_dictionaries: deltas are replayed; where one is missing, the rest keeps its numbers. */
#include "store/survey_dictionaries.h"

#include <stdio.h>

#include "base/vec.h"
#include "store/lexica.h"
#include "store/rocks_keys.h"

static void what_it_is_of(struct view name, char *into, size_t size)
{
	size_t tenant = rocks_key_get_u32(name, 4) >> 16, service = 0;

	if (name.len >= 8 + tenant)
		service = (uint8_t)name.at[6 + tenant] << 8 | (uint8_t)name.at[7 + tenant];
	if (name.len != 8 + tenant + service)
		service = 0;
	snprintf(into, size, "of service '%.*s', week %u", (int)(service < 80 ? service : 80),
		name.at + (service ? 8 + tenant : 0), rocks_key_get_u32(name, 0));
}

static void tell(struct survey *survey, const char *what)
{
	char of[128];

	what_it_is_of(strings_at(&survey->names, survey->open_name), of, sizeof(of));
	if (!survey->open_is_damaged)
		findings_add(survey->findings, "dictionary", "%s: %s", of, what);
	survey->open_is_damaged = true;
}

/* The one that was open has come to its end. */
static int close_open(struct survey *survey)
{
	struct store_dictionary *dictionary = survey->open;
	size_t n;
	int rc = 0;

	if (!dictionary)
		return 0;
	dictionary_nodes(dictionary, &n);
	survey->dictionaries[survey->open_name - 1].n_nodes = n;
	survey->n_dictionaries++;
	if (survey->open_is_damaged && !dictionary_fill_nodes(dictionary, n))
		rc = ERR_NOMEM;
	if (rc == 0 && survey->dictionary)
		rc = survey->dictionary(
			survey->owner, strings_at(&survey->names, survey->open_name), dictionary);
	dictionary_unref(dictionary);
	survey->open = NULL;
	return rc;
}

static int open_next(struct survey *survey, struct view name)
{
	uint32_t id = strings_add(&survey->names, name);
	struct survey_dictionary *added;

	if (id == STRINGS_NONE)
		return ERR_NOMEM;
	added = VEC_ADD(survey->dictionaries, survey->n_names, survey->cap_names);
	survey->open = added ? dictionary_new(id, DICTIONARY_NODES_MAX) : NULL;
	if (!survey->open)
		return ERR_NOMEM;
	*added = (struct survey_dictionary){ 0 };
	survey->open_name = id;
	survey->open_is_damaged = false;
	return 0;
}

/* One that does not follow what was read: what is between is lost. */
static bool bridge(struct survey *survey, struct view delta)
{
	struct dictionary_mark from;

	return dictionary_delta_from(delta, &from) && dictionary_fill(survey->open, &from);
}

static int delta_entry(void *owner, struct view key, struct view value)
{
	struct survey *survey = owner;
	struct view name = { key.at, key.len < 12 ? 0 : key.len - 4 };
	struct dictionary_mark now, from;
	int rc = 0;

	if (!name.len) {
		findings_add(
			survey->findings, "dictionary", "there is a key that is none of Flyover's");
		return 0;
	}
	if (survey->open && !view_equal(strings_at(&survey->names, survey->open_name), name))
		rc = close_open(survey);
	if (rc == 0 && !survey->open)
		rc = open_next(survey, name);
	if (rc < 0)
		return rc;
	dictionary_mark(survey->open, &now);
	if (!dictionary_delta_from(value, &from)) {
		tell(survey, "a piece of it makes no sense");
		return 0;
	}
	if (!dictionary_mark_equal(&now, &from)) {
		tell(survey, "a piece of it is missing");
		if (!bridge(survey, value))
			return 0;
	}
	if (dictionary_replay(survey->open, value, NULL) < 0)
		tell(survey, "a piece of it makes no sense");
	return 0;
}

int survey_dictionaries_read(struct survey *survey, struct err *err)
{
	int rc = strata_walk(survey->strata, ROCKS_DICTIONARY, delta_entry, survey, err);

	return rc == 0 ? close_open(survey) : rc;
}

struct survey_dictionary *survey_dictionary_of(
	struct survey *survey, const struct survey_series *series, uint32_t week)
{
	struct lexica_name name = { series->info.tenant, series->info.service, week };
	BUF_AUTO key = { 0 };
	uint32_t id;

	lexica_key(&name, &key);
	id = key.failed ? STRINGS_NONE : strings_add(&survey->names, buf_view(&key));
	if (id == STRINGS_NONE)
		return NULL;
	if (id > survey->n_names) {
		struct survey_dictionary *added =
			VEC_ADD(survey->dictionaries, survey->n_names, survey->cap_names);

		if (!added)
			return NULL;
		*added = (struct survey_dictionary){ .is_gone = true };
	}
	return &survey->dictionaries[id - 1];
}
