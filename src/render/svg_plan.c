/* svg_plan: what an SVG file is going to show, decided before the first byte. */
#include "render/svg_plan.h"

#include <math.h>
#include <stdlib.h>

static double unit_of(const struct profile *profile, size_t type)
{
	struct view unit = profile_text(profile, profile->types[type].unit);

	if (view_equal(unit, VIEW("thousandths")))
		return 1e-3;
	if (view_equal(unit, VIEW("millionths")))
		return 1e-6;
	return view_equal(unit, VIEW("billionths")) ? 1e-9 : 1;
}

static int choose_types(struct svg_plan *p, struct err *err)
{
	const struct profile *profile = p->profile;
	struct view base = p->o.base, type = p->o.type;

	if (!base.len && !type.len && profile->n_types == 2 &&
		profile_find_type(profile, VIEW("base")) == 0 &&
		profile_find_type(profile, VIEW("new")) == 1) {
		base = VIEW("base");
		type = VIEW("new");
	}
	p->type = (size_t)profile_find_type(profile, type);
	if (profile_find_type(profile, type) < 0)
		return err_set(err, ERR_USAGE, "the profile has no sample type \"%.*s\"",
			(int)(type.len < 100 ? type.len : 100), type.at);
	p->base_type = base.len ? profile_find_type(profile, base) : -1;
	if (base.len && p->base_type < 0)
		return err_set(err, ERR_USAGE, "the profile has no sample type \"%.*s\"",
			(int)(base.len < 100 ? base.len : 100), base.at);
	p->unit = unit_of(profile, p->type);
	return 0;
}

static void default_text(const char **option, const char *text)
{
	if (!*option || !**option)
		*option = text;
}

static void default_number(double *option, double number)
{
	if (*option == 0)
		*option = number;
}

static const char *count_name(const struct svg_plan *p)
{
	struct view unit = profile_text(p->profile, p->profile->types[p->type].unit);

	return view_equal(unit, VIEW("count")) || p->unit != 1 || !unit.len ? "samples" : unit.at;
}

static int fill_options(
	struct svg_plan *p, const struct render_svg_options *options, struct err *err)
{
	struct render_svg_options *o = &p->o;

	*o = *options;
	default_text(&o->title, o->inverted ? "Icicle Graph" : "Flame Graph");
	default_text(&o->count_name, count_name(p));
	default_text(&o->name_type, "Function:");
	default_text(&o->colours, "hot");
	default_text(&o->font_type, "Verdana");
	default_number(&o->width, 1200);
	default_number(&o->frame_height, 16);
	default_number(&o->font_size, 12);
	default_number(&o->factor, 1);
	if (o->min_percent == 0)
		default_number(&o->min_width, 0.1);
	if (o->subtitle && !*o->subtitle)
		o->subtitle = NULL;
	p->palette = palette_find(view_of(o->colours));
	if (!p->palette)
		return err_set(err, ERR_USAGE, "colours %.20s: choose one of %s", o->colours,
			palette_names());
	if (!(o->width > 2 * SVG_PLAN_SIDE_PAD && o->width <= 1e6) ||
		!(o->frame_height > SVG_PLAN_FRAME_GAP && o->frame_height <= 1e3) ||
		!(o->font_size > 0 && o->font_size <= 1e3))
		return err_set(err, ERR_USAGE,
			"a picture %g px wide with frames %g px high and letters of %g px cannot be"
			" drawn",
			o->width, o->frame_height, o->font_size);
	return 0;
}

static int64_t positive(int64_t value)
{
	return value > 0 ? value : 0;
}

/* The largest change of one stack; at least 1, so that it can divide. */
static int find_change_max(struct svg_plan *p, struct err *err)
{
	const struct profile *profile = p->profile;
	int64_t *change;

	p->change_max = 1;
	if (p->base_type < 0)
		return 0;
	change = calloc(profile->stacks.count + 1, sizeof(*change));
	if (!change)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (size_t i = 0; i < profile->n_samples; i++) {
		const int64_t *values = &profile->values[i * profile->n_types];

		int64_t *sum = &change[profile->samples[i].stack];
		int64_t step = positive(values[p->type]) - positive(values[p->base_type]);

		if (__builtin_add_overflow(*sum, step, sum))
			*sum = INT64_MAX;
	}
	for (size_t i = 0; i <= profile->stacks.count; i++)
		if (llabs(change[i]) > p->change_max)
			p->change_max = llabs(change[i]);
	free(change);
	return 0;
}

static int grow_tree(struct svg_plan *p, struct err *err)
{
	struct tree_options options = {
		.type = p->type,
		.base_type = p->base_type,
		.width = TREE_WIDTH_NEW,
		.order = TREE_AS_TEXT,
		.inverted = p->o.reverse,
		.depth_max = TREE_DEPTH_LIMIT,
	};
	double narrow;
	int rc;

	p->whole = tree_whole(p->profile, p->type);
	p->scale = p->whole ? (p->o.width - 2 * SVG_PLAN_SIDE_PAD) / (double)p->whole : 0;
	narrow = p->o.min_percent ? (double)p->whole * p->o.min_percent / 100
				  : p->o.min_width / (p->scale ? p->scale : 1);
	options.width_min = narrow < 1 ? 1 : (uint64_t)ceil(narrow);
	rc = tree_build(p->profile, &options, &p->tree, err);
	if (rc < 0)
		return rc;
	p->top = p->o.font_size * 3;
	p->bottom = p->o.font_size * 2 + 10;
	p->height = (p->tree.max_depth + 1) * p->o.frame_height + p->top + p->bottom;
	if (p->o.subtitle)
		p->height += p->o.font_size * 2;
	return 0;
}

int svg_plan_init(struct svg_plan *plan, const struct profile *profile,
	const struct render_svg_options *options, struct err *err)
{
	int rc;

	*plan = (struct svg_plan){ .profile = profile, .o = *options };
	rc = choose_types(plan, err);
	if (rc == 0)
		rc = fill_options(plan, options, err);
	if (rc == 0)
		rc = find_change_max(plan, err);
	return rc < 0 ? rc : grow_tree(plan, err);
}

void svg_plan_fini(struct svg_plan *plan)
{
	tree_fini(&plan->tree);
	*plan = (struct svg_plan){ 0 };
}
