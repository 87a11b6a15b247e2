/* speedscope_events: a profile of frames that open and close. */
#include <math.h>

#include "base/vec.h"
#include "codec/speedscope_format.h"
#include "codec/speedscope_reader.h"

struct event {
	char type; /* 'O' or 'C' */
	double at, frame;
};

static void read_event(struct json_read *json, struct event *ret)
{
	struct view key, type;

	*ret = (struct event){ .frame = -1, .at = NAN };
	json_read_object(json);
	while (json_read_key(json, &key)) {
		if (view_equal(key, VIEW("type")) && json_read_text(json, &type))
			ret->type = type.len == 1 ? *type.at : '\0';
		else if (view_equal(key, VIEW("at")))
			json_read_number(json, &ret->at);
		else if (view_equal(key, VIEW("frame")))
			json_read_number(json, &ret->frame);
		else
			json_read_skip(json);
	}
}

static uint32_t open_stack(const struct speedscope_reader *r)
{
	return r->n_open ? r->open[r->n_open - 1].stack : STACK_EMPTY;
}

static int apply_event(struct speedscope_reader *r, const struct event *event, const char *at)
{
	struct speedscope_open *top;
	uint32_t stack = open_stack(r);
	int rc;

	if (event->type == 'C') {
		if (!r->n_open || (double)r->open[r->n_open - 1].frame != event->frame)
			return speedscope_decode_fail(r, ERR_CORRUPT, at,
				"a frame closes that is not the last one opened");
		r->n_open--;
		return 0;
	}
	if (event->type != 'O')
		return speedscope_decode_fail(
			r, ERR_CORRUPT, at, "an event that is neither \"O\" nor \"C\"");
	if (r->n_open == SPEEDSCOPE_DEPTH_MAX)
		return speedscope_decode_fail(r, ERR_LIMIT, at, "more than 65536 frames are open");
	rc = speedscope_decode_push(r, at, event->frame, &stack);
	if (rc < 0)
		return rc;
	top = VEC_ADD(r->open, r->n_open, r->cap_open);
	if (!top)
		return err_set(r->err, ERR_NOMEM, "out of memory");
	*top = (struct speedscope_open){ (uint64_t)event->frame, stack };
	return 0;
}

/* Time between two events belongs to what is open then; with nothing open, to nobody. */
int speedscope_events_read(struct speedscope_reader *r, struct speedscope_part *part)
{
	struct json_read *json = &part->events;
	struct event event;
	double last = 0;
	int rc = 0;

	r->n_open = 0;
	json_read_array(json);
	while (rc == 0 && json_read_item(json)) {
		const char *at = json->at;

		read_event(json, &event);
		if (json->wrong)
			break;
		if (isnan(event.at))
			return speedscope_decode_fail(
				r, ERR_CORRUPT, at, "an event without a time");
		if (r->n_open)
			rc = speedscope_decode_add(r, part, open_stack(r), event.at - last, at);
		if (rc == 0)
			rc = apply_event(r, &event, at);
		last = event.at;
	}
	if (rc == 0)
		rc = speedscope_decode_end(r, json);
	/* Frames left open last until the profile ends. */
	if (rc == 0 && r->n_open && part->has_end && part->end > last)
		rc = speedscope_decode_add(r, part, open_stack(r), part->end - last, json->at);
	return rc;
}
