/* palette: the colours of flame graph pictures, by name of the frame. */
#include "render/palette.h"

#include <string.h>

#include "render/codepoint.h"

/* Which of a name's three numbers a channel takes: the hash is of both ends. */
enum number { FORWARD, BACKWARD };

struct channel {
	uint8_t base, range;
	enum number by;
};

enum hue { HOT, MEM, IO, RED, GREEN, BLUE, AQUA, YELLOW, PURPLE, ORANGE };

static const struct channel hues[][3] = {
	[HOT] = { { 205, 50, BACKWARD }, { 0, 230, FORWARD }, { 0, 55, BACKWARD } },
	[MEM] = { { 0, 0, FORWARD }, { 190, 50, BACKWARD }, { 0, 210, FORWARD } },
	[IO] = { { 80, 60, FORWARD }, { 80, 60, FORWARD }, { 190, 55, BACKWARD } },
	[RED] = { { 200, 55, FORWARD }, { 50, 80, FORWARD }, { 50, 80, FORWARD } },
	[GREEN] = { { 50, 60, FORWARD }, { 200, 55, FORWARD }, { 50, 60, FORWARD } },
	[BLUE] = { { 80, 60, FORWARD }, { 80, 60, FORWARD }, { 205, 50, FORWARD } },
	[AQUA] = { { 50, 60, FORWARD }, { 165, 55, FORWARD }, { 165, 55, FORWARD } },
	[YELLOW] = { { 175, 55, FORWARD }, { 175, 55, FORWARD }, { 50, 20, FORWARD } },
	[PURPLE] = { { 190, 65, FORWARD }, { 80, 60, FORWARD }, { 190, 65, FORWARD } },
	[ORANGE] = { { 190, 65, FORWARD }, { 90, 65, FORWARD }, { 0, 0, FORWARD } },
};

/* What a name tells about where its code comes from. */
struct traits {
	struct view name;
	char suffix; /* of _[k], _[j], _[i], _[w]; 0 = none */
};

struct palette {
	const char *name, *top, *bottom;
	enum hue hue;                               /* of all frames, or … */
	enum hue (*choose)(const struct traits *t); /* … of each */
};

static bool holds(struct view text, const char *part)
{
	return text.len && memmem(text.at, text.len, part, strlen(part));
}

static bool is_java_package(struct view name)
{
	static const char *const roots[] = { "java/", "javax/", "jdk/", "net/", "org/", "com/",
		"io/", "sun/" };

	if (view_starts(name, VIEW("L")))
		name = view_between(name.at + 1, view_end(name));
	for (size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++)
		if (view_starts(name, view_of(roots[i])))
			return true;
	return false;
}

static enum hue choose_java(const struct traits *t)
{
	if (t->suffix == 'j')
		return GREEN;
	if (t->suffix == 'i')
		return AQUA;
	if (is_java_package(t->name) || holds(t->name, ":::"))
		return GREEN;
	if (holds(t->name, "::"))
		return YELLOW;
	return t->suffix == 'k' ? ORANGE : RED;
}

static bool is_script_file(struct view name)
{
	const char *slash = name.len ? memchr(name.at, '/', name.len) : NULL;

	return slash && holds(view_between(slash, view_end(name)), ".js");
}

static enum hue choose_js(const struct traits *t)
{
	if (t->suffix == 'j')
		return holds(t->name, "/") ? GREEN : AQUA;
	if (holds(t->name, "::"))
		return YELLOW;
	if (is_script_file(t->name))
		return GREEN;
	if (holds(t->name, ":"))
		return AQUA;
	if (view_equal(t->name, VIEW(" ")))
		return GREEN;
	return t->suffix == 'k' || holds(t->name, "_[k]") ? ORANGE : RED;
}

static enum hue choose_perl(const struct traits *t)
{
	if (holds(t->name, "::"))
		return YELLOW;
	if (holds(t->name, "Perl") || holds(t->name, ".pl"))
		return GREEN;
	return t->suffix == 'k' ? ORANGE : RED;
}

static enum hue choose_chain(const struct traits *t)
{
	return holds(t->name, "_[w]") ? AQUA : BLUE;
}

#define YELLOW_PAPER "#eeeeee", "#eeeeb0"
#define BLUE_PAPER "#eeeeee", "#e0e0ff"
#define GREEN_PAPER "#eef2ee", "#e0ffe0"
#define GREY_PAPER "#f8f8f8", "#e8e8e8"

static const struct palette palettes[] = {
	{ "hot", YELLOW_PAPER, HOT, NULL },
	{ "mem", GREEN_PAPER, MEM, NULL },
	{ "io", BLUE_PAPER, IO, NULL },
	{ "wakeup", BLUE_PAPER, AQUA, NULL },
	{ "chain", BLUE_PAPER, BLUE, choose_chain },
	{ "java", YELLOW_PAPER, RED, choose_java },
	{ "js", YELLOW_PAPER, RED, choose_js },
	{ "perl", YELLOW_PAPER, RED, choose_perl },
	{ "red", GREY_PAPER, RED, NULL },
	{ "green", GREY_PAPER, GREEN, NULL },
	{ "blue", GREY_PAPER, BLUE, NULL },
	{ "aqua", GREY_PAPER, AQUA, NULL },
	{ "yellow", GREY_PAPER, YELLOW, NULL },
	{ "purple", GREY_PAPER, PURPLE, NULL },
	{ "orange", GREY_PAPER, ORANGE, NULL },
};

const struct palette *palette_find(struct view name)
{
	for (size_t i = 0; i < sizeof(palettes) / sizeof(*palettes); i++)
		if (view_equal(name, view_of(palettes[i].name)))
			return &palettes[i];
	return NULL;
}

const char *palette_names(void)
{
	return "hot, mem, io, wakeup, chain, java, js, perl, red, green, blue, aqua, yellow, "
	       "purple, orange";
}

const char *palette_top(const struct palette *palette)
{
	return palette->top;
}

const char *palette_bottom(const struct palette *palette)
{
	return palette->bottom;
}

static char suffix_of(struct view name)
{
	const char *end = view_end(name);

	if (name.len < 4 || end[-4] != '_' || end[-3] != '[' || end[-1] != ']' ||
		!memchr("kijw", end[-2], 4))
		return 0;
	return end[-2];
}

struct view palette_without_suffix(struct view name)
{
	return suffix_of(name) ? (struct view){ name.at, name.len - 4 } : name;
}

static char suffix_of_kind(enum frame_kind kind)
{
	if (kind == FRAME_KERNEL)
		return 'k';
	if (kind == FRAME_JIT)
		return 'j';
	return kind == FRAME_INLINED ? 'i' : 0;
}

/* ---- the numbers of a name ---- */

static double draw(struct view name)
{
	const uint64_t mask = ((uint64_t)1 << 48) - 1;
	uint32_t sum = 0;
	uint64_t state;

	while (name.len)
		sum += codepoint_take(&name);
	state = (uint64_t)sum << 16 | 0x330e;
	state = (state * 0x5deece66d + 11) & mask;
	return (double)state / (double)(mask + 1);
}

/* Weighs the first three characters less and less. */
static double weigh(const uint32_t *chars, size_t n)
{
	double sum = 0, max = 1, weight = 1;

	for (size_t i = 0; i < n && i < 3; i++) {
		sum += (double)(chars[i] % (10 + i)) / (double)(9 + i) * weight;
		max += weight;
		weight *= 0.7;
	}
	return 1 - sum / max;
}

/* A prefix such as "libc.so`" does not count, wherever the name is read from. */
static double hash_forward(struct view name)
{
	const char *tick = name.len > 1 ? memchr(name.at + 1, '`', name.len - 1) : NULL;
	uint32_t chars[3];
	size_t n = 0;

	if (tick)
		name = view_between(tick + 1, view_end(name));
	while (n < 3 && name.len)
		chars[n++] = codepoint_take(&name);
	return weigh(chars, n);
}

static double hash_backward(struct view name)
{
	const char *tick = name.len > 1 ? memrchr(name.at, '`', name.len - 1) : NULL;
	uint32_t chars[3];
	size_t n = 0;

	if (tick)
		name.len = (size_t)(tick - name.at);
	while (n < 3 && name.len)
		chars[n++] = codepoint_take_last(&name);
	return weigh(chars, n);
}

struct colour palette_colour(
	const struct palette *palette, struct view name, enum frame_kind kind, bool by_hash)
{
	struct traits traits = { name, suffix_of(name) };
	const struct channel *hue;
	double v[2];
	uint8_t rgb[3];

	if (view_equal(name, VIEW("--")))
		return (struct colour){ 160, 160, 160 };
	if (view_equal(name, VIEW("-")))
		return (struct colour){ 200, 200, 200 };
	if (!traits.suffix)
		traits.suffix = suffix_of_kind(kind);
	hue = hues[palette->choose ? palette->choose(&traits) : palette->hue];
	v[FORWARD] = by_hash ? hash_forward(name) : draw(name);
	v[BACKWARD] = by_hash ? hash_backward(name) : v[FORWARD];
	for (int i = 0; i < 3; i++)
		rgb[i] = (uint8_t)(hue[i].base + (int)(hue[i].range * v[hue[i].by]));
	return (struct colour){ rgb[0], rgb[1], rgb[2] };
}

struct colour palette_change(int64_t delta, int64_t max)
{
	double left;
	uint8_t faded;

	if (delta == 0 || max == 0)
		return (struct colour){ 255, 255, 255 };
	left = (double)max - (delta > 0 ? (double)delta : -(double)delta);
	left = left > 0 ? left : 0; /* stacks of one name may add up to more than any one of them */
	faded = (uint8_t)(int)(210 * left / (double)max);
	if (delta > 0)
		return (struct colour){ 255, faded, faded };
	return (struct colour){ faded, faded, 255 };
}
