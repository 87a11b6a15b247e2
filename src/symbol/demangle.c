/* demangle: from a linker's name to the one in the source. */
#include "symbol/demangle.h"

#include <libiberty/demangle.h>
#include <setjmp.h>

/* A name of a few bytes can stand for one of gigabytes (every substitution may double it), so the
 * demangler is left as soon as it writes too much. It holds no memory of its own then. */
struct sink {
	struct buf *out;
	size_t start;
	jmp_buf enough;
};

static void take(const char *text, size_t len, void *opaque)
{
	struct sink *sink = opaque;

	if (sink->out->len - sink->start + len > DEMANGLE_OUTPUT_MAX)
		longjmp(sink->enough, 1);
	buf_add(sink->out, text, len);
}

static bool demangle_with(const char *mangled, struct buf *out, bool rust)
{
	struct sink sink = { .out = out, .start = out->len };
	int done = 0;

	if (setjmp(sink.enough) == 0)
		done = rust ? rust_demangle_callback(mangled, DMGL_NO_OPTS, take, &sink)
			    : cplus_demangle_v3_callback(mangled, DMGL_NO_OPTS, take, &sink);
	if (!done || sink.out->len == sink.start)
		out->len = sink.start;
	return done && out->len > sink.start;
}

static struct view without_version(struct view name)
{
	const char *at = memchr(name.at, '@', name.len);

	if (!at || at == name.at || view_ends(name, VIEW("@plt")))
		return name;
	return view_between(name.at, at);
}

static bool is_clone_word(struct view word)
{
	static const char *const words[] = { "cold", "part", "isra", "constprop", "lto_priv",
		"llvm", "localalias" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (view_equal(word, view_of(words[i])))
			return true;
	return false;
}

/* "work.part.0.cold" -> "work". A number goes only with the word before it: "a.0" stays. */
static struct view without_clone(struct view name)
{
	struct view rest = name;

	for (;;) {
		const char *dot = memrchr(rest.at, '.', rest.len);
		uint64_t number;
		struct view word;

		if (!dot || dot == rest.at)
			return name;
		word = view_between(dot + 1, view_end(rest));
		rest = view_between(rest.at, dot);
		if (is_clone_word(word))
			name = rest;
		else if (!view_to_u64(word, &number))
			return name;
	}
}

void demangle(struct view name, struct buf *out)
{
	struct view plt = VIEW("@plt");
	char mangled[DEMANGLE_INPUT_MAX + 1];
	bool is_plt = view_ends(name, plt) && name.len > plt.len;
	struct view bare = is_plt ? (struct view){ name.at, name.len - plt.len } : name;

	bare = without_version(bare);
	if (bare.len > 2 && bare.len < sizeof(mangled) && bare.at[0] == '_' &&
		(bare.at[1] == 'Z' || bare.at[1] == 'R') && !memchr(bare.at, '\0', bare.len)) {
		memcpy(mangled, bare.at, bare.len);
		mangled[bare.len] = '\0';
		if (!demangle_with(mangled, out, true) && !demangle_with(mangled, out, false))
			buf_add_view(out, bare);
	} else {
		buf_add_view(out, without_clone(bare));
	}
	if (is_plt)
		buf_add_view(out, plt);
}
