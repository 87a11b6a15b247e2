/* preload: what the loader calls when the library comes and when the program exits. */
#include <stdio.h>
#include <unistd.h>

#include "inproc/environment.h"

/* There is no caller to whom an error could be returned; one line for the person who set the
 * variable. */
static void say(const struct err *err)
{
	char line[sizeof(err->text) + 16];
	int n = snprintf(line, sizeof(line), "flyover: %s\n", err->text);

	if (n > 0 && write(STDERR_FILENO, line, (size_t)n) < 0)
		return;
}

__attribute__((constructor)) static void begin(void)
{
	struct err err;

	if (environment_begin(&err) < 0)
		say(&err);
}

__attribute__((destructor)) static void end(void)
{
	environment_end();
}
