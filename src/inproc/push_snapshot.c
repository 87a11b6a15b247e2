/* push_snapshot: snapshots of what is kept all the time, as windows. */
#include "inproc/push_snapshot.h"

#include <stdio.h>

#include "inproc/push_item.h"
#include "model/copy.h"
#include "model/delta.h"

#define BARE "application/octet-stream"

bool push_snapshot_wanted(const struct kind *kind)
{
	if (!kind->snapshot || view_equal(view_of(kind->name), VIEW("allocs")))
		return false; /* allocs has heap's data */
	return kind->text == KIND_TEXT_HEAP || kind->text == KIND_TEXT_CONTENTION;
}

static bool is_in_use(const struct profile *p, size_t type)
{
	return view_starts(profile_text(p, p->types[type].type), VIEW("inuse"));
}

/* Adds to the difference what was in use at its beginning: that gives what is in use at its end. */
static int restore_in_use(const struct profile *first, struct profile *window, struct err *err)
{
	int64_t values[PROFILE_TYPES_MAX];
	struct copy copy;
	int rc = copy_init(&copy, first, window, err);

	for (size_t i = 0; rc == 0 && i < first->n_samples && !window->failed; i++) {
		bool any = false;

		for (size_t k = 0; k < first->n_types; k++) {
			values[k] = is_in_use(first, k) ? first->values[i * first->n_types + k] : 0;
			any |= values[k] != 0;
		}
		if (any)
			profile_add(window, copy_stack(&copy, first->samples[i].stack),
				copy_labels(&copy, first->samples[i].labels), values);
	}
	copy_fini(&copy);
	return rc == 0 && window->failed ? err_set(err, ERR_NOMEM, "out of memory") : rc;
}

int push_snapshot_next(struct push_snapshot *snapshot, struct profile **ret, struct err *err)
{
	PROFILE_AUTO now = NULL;
	PROFILE_AUTO window = NULL;
	int rc = snapshot->kind->snapshot(&now, err);

	*ret = NULL;
	if (rc < 0 || !snapshot->last) {
		push_snapshot_fini(snapshot);
		snapshot->last = now;
		now = NULL;
		return rc == ERR_USAGE ? 0 : rc;
	}
	rc = delta_of(snapshot->last, now, &window, err);
	if (rc == 0 && snapshot->kind->text == KIND_TEXT_HEAP)
		rc = restore_in_use(snapshot->last, window, err);
	profile_free(snapshot->last);
	snapshot->last = now;
	now = NULL;
	if (rc == 0 && window->n_samples) {
		*ret = window;
		window = NULL;
	}
	return rc;
}

void push_snapshot_fini(struct push_snapshot *snapshot)
{
	profile_free(snapshot->last);
	snapshot->last = NULL;
}

static void add_part(struct buf *out, const char *boundary, const char *name, struct view body)
{
	buf_add_format(out,
		"--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
		"Content-Type: " BARE "\r\n\r\n",
		boundary, name, name);
	buf_add_view(out, body);
	buf_add_text(out, "\r\n");
}

void push_snapshot_fill(const struct kind *kind, struct view profile, struct push_item *item)
{
	BUF_AUTO config = { 0 };

	if (kind->text != KIND_TEXT_CONTENTION) {
		snprintf(item->type, sizeof(item->type), BARE);
		buf_add_view(&item->body, profile);
		return;
	}
	buf_add_format(&config,
		"{\"contentions\":{\"units\":\"lock_samples\",\"display-name\":\"%s_count\"},"
		"\"delay\":{\"units\":\"lock_nanoseconds\",\"display-name\":\"%s_duration\"}}",
		kind->name, kind->name);
	snprintf(item->type, sizeof(item->type), "multipart/form-data; boundary=%s", item->id);
	add_part(&item->body, item->id, "profile", profile);
	add_part(&item->body, item->id, "sample_type_config", buf_view(&config));
	buf_add_format(&item->body, "--%s--\r\n", item->id);
	item->body.failed |= config.failed;
}
