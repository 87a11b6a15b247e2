/* render_raw: everything a profile holds, as text, for people who debug one. */
#include "render/render_raw.h"

#include <inttypes.h>

#include "render/codepoint.h"
#include "render/measure.h"
#include "render/truth.h"

static void add_text(struct buf *out, const struct profile *profile, uint32_t string)
{
	codepoint_add_inert(out, profile_text(profile, string));
}

void render_raw_label(struct buf *out, const struct profile *profile, const struct label *label)
{
	struct view unit = profile_text(profile, label->unit);

	if (label->str)
		add_text(out, profile, label->str);
	else if (unit.len)
		measure_add(out, label->num, measure_for(label->num, unit), unit);
	else
		buf_add_format(out, "%" PRId64, label->num);
}

static void add_type(struct buf *out, const struct profile *p, struct value_type type)
{
	add_text(out, p, type.type);
	buf_add_char(out, '/');
	add_text(out, p, type.unit);
}

static void raw_header(const struct profile *p, struct buf *out)
{
	if (p->period) {
		buf_add_text(out, "period: ");
		add_type(out, p, p->period_type);
		buf_add_format(out, " %" PRId64 "\n", p->period);
	}
	buf_add_format(out, "time: %" PRId64 " ns since 1970\nduration: %" PRId64 " ns\n",
		p->time_ns, p->duration_ns);
	if (p->accounting.known) {
		accounting_to_comment(&p->accounting, out);
		buf_add_char(out, '\n');
	}
	for (size_t i = 0; i < p->n_comments; i++) {
		buf_add_text(out, "comment: ");
		add_text(out, p, p->comments[i]);
		buf_add_char(out, '\n');
	}
	truth_line(p, out);
	buf_add_text(out, "\ntypes:");
	for (size_t i = 0; i < p->n_types; i++) {
		buf_add_char(out, ' ');
		add_type(out, p, p->types[i]);
		if (p->types[i].type == p->default_type && p->default_type)
			buf_add_text(out, "[default]");
	}
	buf_add_char(out, '\n');
}

/* Locations from leaf to root. */
static void raw_sample(const struct profile *p, size_t id, struct buf *out)
{
	const struct sample *sample = &p->samples[id];
	const struct label_set *set = &p->label_sets[sample->labels];

	for (size_t i = 0; i < p->n_types; i++)
		buf_add_format(out, "%s%" PRId64, i ? " " : "", p->values[id * p->n_types + i]);
	buf_add_char(out, ':');
	for (uint32_t at = sample->stack; at != STACK_EMPTY; at = p->stacks.nodes[at].parent)
		buf_add_format(out, " %" PRIu32, p->stacks.nodes[at].location);
	buf_add_char(out, '\n');
	for (uint32_t i = 0; i < set->count; i++) {
		const struct label *label = &p->labels[set->first + i];

		buf_add_text(out, "    ");
		add_text(out, p, label->key);
		buf_add_text(out, ": ");
		render_raw_label(out, p, label);
		buf_add_char(out, '\n');
	}
}

static void raw_location(const struct profile *p, size_t id, struct buf *out)
{
	const struct location *location = &p->locations[id];

	buf_add_format(out, "%zu: 0x%" PRIx64 " mapping %" PRIu32 "%s\n", id, location->address,
		location->mapping, location->is_folded ? " folded" : "");
	for (uint32_t i = 0; i < location->n_lines; i++) {
		const struct line *line = &p->lines[location->first_line + i];
		const struct function *function = &p->functions[line->function];

		buf_add_text(out, "    ");
		add_text(out, p, function->name);
		buf_add_char(out, ' ');
		add_text(out, p, function->file);
		buf_add_format(out, ":%" PRId64 ":%" PRId64 " starts at %" PRId64, line->line,
			line->column, function->start_line);
		if (function->system_name != function->name) {
			buf_add_text(out, " symbol ");
			add_text(out, p, function->system_name);
		}
		buf_add_char(out, '\n');
	}
}

static void raw_mapping(const struct profile *p, size_t id, struct buf *out)
{
	const struct mapping *m = &p->mappings[id];

	buf_add_format(out, "%zu: 0x%" PRIx64 "-0x%" PRIx64 " offset 0x%" PRIx64 " ", id, m->start,
		m->limit, m->offset);
	add_text(out, p, m->file);
	buf_add_char(out, ' ');
	add_text(out, p, m->build_id);
	buf_add_format(out, "%s%s%s%s\n", m->has_functions ? " [functions]" : "",
		m->has_filenames ? " [files]" : "", m->has_line_numbers ? " [lines]" : "",
		m->has_inline_frames ? " [inlined]" : "");
}

int render_raw(const struct profile *profile, struct buf *out, struct err *err)
{
	raw_header(profile, out);
	buf_add_format(out, "samples: %zu\n", profile->n_samples);
	for (size_t i = 0; i < profile->n_samples && !out->failed; i++)
		raw_sample(profile, i, out);
	buf_add_format(out, "locations: %zu\n", profile->n_locations);
	for (size_t i = 0; i < profile->n_locations && !out->failed; i++)
		raw_location(profile, i, out);
	buf_add_format(out, "mappings: %zu\n", profile->n_mappings - 1);
	for (size_t i = 1; i < profile->n_mappings && !out->failed; i++)
		raw_mapping(profile, i, out);
	return out->failed ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}
