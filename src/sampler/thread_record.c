/* thread_record: what a thread of another process says that it works on. */
#include "sampler/thread_record.h"

#include <stdio.h>
#include <string.h>

#include "sampler/foreign_context.h"

#define TRACE_AT 0
#define SPAN_AT 16
#define TRACE_BYTES 16
#define SPAN_BYTES 8

/* All zeros are none. */
static void write_hex(const uint8_t *id, size_t len, char *ret)
{
	uint8_t any = 0;

	for (size_t i = 0; i < len; i++) {
		any |= id[i];
		snprintf(ret + 2 * i, 3, "%02x", id[i]);
	}
	if (!any)
		ret[0] = '\0';
}

/* Words of a sample that are ours. */
static bool is_taken(struct view key)
{
	static const char *const ours[] = { "process", "pid", "thread", "trace_id", "span_id" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (view_equal(key, view_of(ours[i])))
			return true;
	return false;
}

static void set_label(struct thread_record *record, struct view key, struct view value)
{
	size_t i = 0;

	while (i < record->n_labels && !view_equal(record->labels[i].key, key))
		i++;
	if (i == THREAD_RECORD_LABELS_MAX)
		return;
	record->labels[i] = (struct thread_record_label){ key, value };
	if (i == record->n_labels)
		record->n_labels++;
}

static void read_labels(
	struct view attributes, const struct foreign_context *context, struct thread_record *ret)
{
	while (attributes.len >= 2) {
		uint8_t key = (uint8_t)attributes.at[0], len = (uint8_t)attributes.at[1];

		if (attributes.len - 2 < len)
			return;
		if (!context || key >= context->n_keys)
			ret->has_unknown_keys = true;
		else if (context->keys[key].len && !is_taken(context->keys[key]))
			set_label(ret, context->keys[key], (struct view){ attributes.at + 2, len });
		attributes = (struct view){ attributes.at + 2 + len, attributes.len - 2 - len };
	}
}

bool thread_record_decode(
	struct view bytes, const struct foreign_context *context, struct thread_record *ret)
{
	const uint8_t *at = (const uint8_t *)bytes.at;

	*ret = (struct thread_record){ 0 };
	if (bytes.len < SAMPLE_CONTEXT_HEAD)
		return false;
	write_hex(at + TRACE_AT, TRACE_BYTES, ret->trace_id);
	write_hex(at + SPAN_AT, SPAN_BYTES, ret->span_id);
	read_labels(
		(struct view){ bytes.at + SAMPLE_CONTEXT_HEAD, bytes.len - SAMPLE_CONTEXT_HEAD },
		context, ret);
	return ret->trace_id[0] || ret->n_labels || ret->has_unknown_keys;
}
