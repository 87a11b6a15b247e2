/* terminal: what the stream at the other end can show. */
#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/view.h"

#define WIDTH_MIN 20
#define WIDTH_MAX 1000

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

bool terminal_has_colours(FILE *stream)
{
	const char *term = getenv("TERM");

	return !is_set("NO_COLOR") && term && strcmp(term, "dumb") != 0 && isatty(fileno(stream));
}

unsigned terminal_width(FILE *stream, unsigned fallback)
{
	uint64_t columns;
	struct winsize size;

	if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col >= WIDTH_MIN &&
		size.ws_col <= WIDTH_MAX)
		return size.ws_col;
	if (view_to_u64(view_of(getenv("COLUMNS")), &columns) && columns >= WIDTH_MIN &&
		columns <= WIDTH_MAX)
		return (unsigned)columns;
	return fallback;
}

bool terminal_has_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (is_set(names[i])) {
			const char *value = getenv(names[i]);

			return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
		}
	return false;
}
