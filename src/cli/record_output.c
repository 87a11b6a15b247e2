/* record_output: the files a recording is written to. */
#include "cli/record_output.h"

#include <string.h>

#include "cli/output.h"

static const char *path_at(const struct option_list *paths, size_t i)
{
	return paths->count ? paths->at[i] : RECORD_OUTPUT_DEFAULT;
}

static const char *format_of(const char *path, const char *format)
{
	if (format)
		return format;
	return strcmp(path, "-") == 0 ? "pprof" : NULL;
}

int record_output_check(const struct option_list *paths, const char *format, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && (i < paths->count || i == 0); i++)
		rc = output_check(path_at(paths, i), format_of(path_at(paths, i), format), err);
	return rc;
}

int record_output_write(const struct profile *profile, const struct option_list *paths,
	const char *format, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && (i < paths->count || i == 0); i++)
		rc = output_write(
			profile, path_at(paths, i), format_of(path_at(paths, i), format), err);
	return rc;
}
