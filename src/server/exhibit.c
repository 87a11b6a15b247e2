/* exhibit: what one selection selects, as a page that can be asked. */
#include "server/exhibit.h"

#include <stdlib.h>
#include <string.h>

#include "model/tree.h"
#include "query/evidence.h"
#include "query/gather.h"
#include "render/truth.h"
#include "server/arguments.h"
#include "server/question.h"
#include "server/spelling.h"
#include "server/viewer.h"

#define MUCH_CUT 0.01 /* of a picture, which its reader is told */

static char *title_of(const struct spelling *spelling)
{
	static const char *const WORDS[] = { "service", "query", "type", "trace", "from", "until" };
	BUF_AUTO title = { 0 };

	for (size_t k = 0; k < sizeof(WORDS) / sizeof(WORDS[0]); k++)
		for (size_t i = 0; i < spelling->n; i++)
			if (strcmp(spelling->words[i].name, WORDS[k]) == 0)
				buf_add_format(&title, "%s%s%s", title.len ? " · " : "",
					strcmp(WORDS[k], "until") == 0 ? "to " : "",
					spelling->words[i].value);
	buf_add_char(&title, '\0');
	return title.failed ? NULL : strdup(title.len > 1 ? title.at : "all services");
}

static bool add_group(void *owner, const char *label)
{
	struct arguments_group *group = owner;

	if (label[0] && group->n < GROUPS_LABELS_MAX)
		group->labels[group->n++] = view_of(label);
	return true;
}

/* The profile, and what it rests on. */
static int merge(struct store *store, const struct gather_options *options, struct exhibit *into,
	struct gather_figures *ret_figures, struct err *err)
{
	struct evidence evidence;
	int rc = gather(store, options, &into->profile, ret_figures, err);

	if (rc < 0)
		return rc;
	into->nodes = ret_figures->nodes - ret_figures->nodes_cut;
	rc = evidence_gather(store, options->select, &evidence, err);
	into->profile->accounting = evidence_accounting(&evidence);
	evidence_fini(&evidence);
	return rc;
}

static void warn_of_cut(
	const struct exhibit *exhibit, const struct gather_figures *figures, struct buf *out)
{
	uint64_t whole = tree_whole(exhibit->profile, 0);
	double share = whole ? (double)figures->weight_cut / (double)whole : 0;

	if (share < MUCH_CUT)
		return;
	truth_add_share(out, share);
	buf_add_text(out, " of this picture is frames called \"" GATHER_OTHER "\": of ");
	truth_add_count(out, figures->nodes);
	buf_add_text(out, " call paths the ");
	truth_add_count(out, exhibit->nodes);
	buf_add_text(out, " heaviest are told apart. Search and table count only those: select "
			  "less, or give answers more memory (query.memory_total).\n");
}

static int make_viewer(const struct exhibit_options *how, const struct gather_figures *figures,
	struct exhibit *into, struct err *err)
{
	BUF_AUTO warning = { 0 };

	if (!into->title)
		return err_set(err, ERR_NOMEM, "out of memory");
	warn_of_cut(into, figures, &warning);
	return viewer_new(&(struct viewer_options){ .profile = into->profile,
				  .title = into->title,
				  .version = how->version,
				  .guard = *how->guard,
				  .sources = how->sources,
				  .is_partial = figures->nodes_cut > 0,
				  .warning = buf_view(&warning) },
		&into->viewer, err);
}

int exhibit_make(const struct exhibit_options *how, struct view selection,
	const struct router_call *call, struct exhibit *ret, struct err *err)
{
	struct spelling spelling;
	struct question question = { 0 };
	struct gather_figures figures;
	struct arguments_group group = { 0 };
	struct gather_options options = { .select = &question.select, .nodes_max = how->nodes_max };
	int rc = spelling_read(&spelling, selection, err);

	*ret = (struct exhibit){ 0 };
	if (rc == 0) {
		struct question_words words = spelling_words(&spelling, view_of(call->tenant));

		words.budget = call->budget;
		rc = question_of(&question, &words, "", err);
		words.all(words.owner, "group", add_group, &group);
		options.group = group.labels;
		options.n_group = group.n;
	}
	if (rc == 0)
		rc = merge(how->store, &options, ret, &figures, err);
	ret->title = title_of(&spelling);
	if (rc == 0)
		rc = make_viewer(how, &figures, ret, err);
	question_fini(&question);
	spelling_fini(&spelling);
	budget_fini(call->budget);
	if (rc < 0)
		exhibit_fini(ret);
	return rc;
}

void exhibit_fini(struct exhibit *exhibit)
{
	viewer_free(exhibit->viewer);
	profile_free(exhibit->profile);
	free(exhibit->title);
	*exhibit = (struct exhibit){ 0 };
}
