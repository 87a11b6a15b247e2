/* html: a profile as one interactive document that needs nothing else. */
#include "render/html.h"

#include "model/profile.h"
#include "model/tree.h"
#include "render/about.h"
#include "render/layout.h"
#include "render/page.h"
#include "wire/base64.h"
#include "wire/gzip.h"

#define GZIP_LEVEL 6
#define WHOLE_MAX ((size_t)2 << 20) /* nodes; of a larger tree, what can be seen */

/* Attribute values: label keys are strangers' texts too. */
static void add_attribute(struct buf *out, struct view text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c == '&' || c == '"' || c == '<' || c == '>' || c < 0x20)
			buf_add_format(out, "&#%u;", c);
		else
			buf_add_char(out, text.at[i]);
	}
}

/* A data block: its type is no script's, so browsers never run it. */
static int add_block(struct buf *out, const struct buf *id, struct view bytes, struct err *err)
{
	BUF_AUTO zipped = { 0 };
	int rc = gzip_deflate(bytes, GZIP_LEVEL, &zipped, err);

	if (rc < 0)
		return rc;
	buf_add_text(out, "<script type=\"application/octet-stream\" id=\"profile-");
	add_attribute(out, buf_view(id));
	buf_add_text(out, "\">");
	base64_encode(buf_view(&zipped), out);
	buf_add_text(out, "</script>\n");
	return 0;
}

static int add_layout(const struct profile *profile, size_t type, const uint32_t *group,
	struct buf *out, struct err *err)
{
	struct tree_options options = {
		.type = type, .base_type = -1, .group_by = group, .n_group_by = group ? 1 : 0
	};
	BUF_AUTO id = { 0 }, layout = { 0 };
	struct tree tree = { 0 };
	int rc = tree_build(profile, &options, &tree, err);

	if (rc == 0)
		rc = layout_write(
			&tree, &(struct layout_options){ .whole_max = WHOLE_MAX }, &layout, err);
	buf_add_format(&id, "%zu-", type);
	if (group)
		buf_add_view(&id, profile_text(profile, *group));
	out->failed |= id.failed || layout.failed;
	if (rc == 0)
		rc = add_block(out, &id, buf_view(&layout), err);
	tree_fini(&tree);
	return rc;
}

struct groups {
	uint32_t ids[ABOUT_GROUPS_MAX]; /* of the labels */
	size_t count;
	size_t room; /* bytes */
};

/* Pictures of every type for each label, as long as there is room: a label is offered for all
 * types or not at all. Takes from `groups` those that are left out. */
static int add_grouped(
	const struct profile *profile, struct groups *groups, struct buf *out, struct err *err)
{
	size_t n = groups->count;
	int rc = 0;

	groups->count = 0;
	for (size_t i = 0; rc == 0 && i < n; i++) {
		BUF_AUTO blocks = { 0 };

		for (size_t type = 0;
			rc == 0 && type < profile->n_types && blocks.len <= groups->room; type++)
			rc = add_layout(profile, type, &groups->ids[i], &blocks, err);
		if (rc < 0 || blocks.len > groups->room)
			continue;
		groups->room -= blocks.len;
		groups->ids[groups->count++] = groups->ids[i];
		buf_add_view(out, buf_view(&blocks));
		out->failed |= blocks.failed;
	}
	return rc;
}

static int add_about(const struct profile *profile, const struct about_options *options,
	struct buf *out, struct err *err)
{
	BUF_AUTO id = { 0 }, about = { 0 };

	about_write(profile, options, &about);
	buf_add_text(&id, "about");
	out->failed |= id.failed || about.failed;
	return add_block(out, &id, buf_view(&about), err);
}

int html_write(const struct profile *profile, const struct html_options *options, struct buf *out,
	struct err *err)
{
	struct groups groups = { .room = options->grouped_max };
	struct about_options about = {
		.title = options->title, .version = options->version, .groups = groups.ids
	};
	int n_groups = about_groups(profile, groups.ids), rc = 0;

	if (!page_is_built())
		return err_set(err, ERR_UNSUPPORTED,
			"this build has no page: run `make build`, which builds web/ too");
	if (profile->n_types == 0)
		return err_set(err, ERR_USAGE, "the profile has no sample types");
	if (n_groups < 0)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (!groups.room)
		groups.room = HTML_GROUPED_DEFAULT;
	groups.count = (size_t)n_groups;
	buf_add_view(out, page_export_head);
	for (size_t i = 0; rc == 0 && i < profile->n_types; i++)
		rc = add_layout(profile, i, NULL, out, err);
	if (rc == 0)
		rc = add_grouped(profile, &groups, out, err);
	about.n_groups = groups.count;
	if (rc == 0)
		rc = add_about(profile, &about, out, err);
	buf_add_view(out, page_export_tail);
	if (rc == 0 && out->failed)
		rc = err_set(err, ERR_NOMEM, "out of memory for the document");
	return rc;
}
