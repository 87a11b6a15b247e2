/*
 * record_output: the files a recording is written to.
 *
 * Without a name it is flyover.pb.gz. "-" is standard output, as `format` says, else pprof.
 */
#ifndef CLI_RECORD_OUTPUT_H
#define CLI_RECORD_OUTPUT_H

#include "base/err.h"
#include "cli/option.h"

struct profile;

#define RECORD_OUTPUT_DEFAULT "flyover.pb.gz"

/* Whether all of them could be written: to be asked before the recording. */
int record_output_check(const struct option_list *paths, const char *format, struct err *err);

int record_output_write(const struct profile *profile, const struct option_list *paths,
	const char *format, struct err *err);

#endif
