/*
 * pprof_format: the numbers of profile.proto, and how much of it we accept.
 *
 * A profile is tables that name each other by id (mapping, location, function: any number but 0,
 * in any order) or by index (strings). The samples come first and the strings last in many files,
 * so nothing can be understood before everything was seen once.
 */
#ifndef CODEC_PPROF_FORMAT_H
#define CODEC_PPROF_FORMAT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

struct profile;

enum pprof_profile {
	PPROF_SAMPLE_TYPE = 1,
	PPROF_SAMPLE = 2,
	PPROF_MAPPING = 3,
	PPROF_LOCATION = 4,
	PPROF_FUNCTION = 5,
	PPROF_STRING_TABLE = 6,
	PPROF_DROP_FRAMES = 7,
	PPROF_KEEP_FRAMES = 8,
	PPROF_TIME_NANOS = 9,
	PPROF_DURATION_NANOS = 10,
	PPROF_PERIOD_TYPE = 11,
	PPROF_PERIOD = 12,
	PPROF_COMMENT = 13,
	PPROF_DEFAULT_SAMPLE_TYPE = 14,
	PPROF_DOC_URL = 15,
	PPROF_FIELDS
};

enum pprof_value_type { PPROF_TYPE_NAME = 1, PPROF_TYPE_UNIT = 2 };

enum pprof_sample { PPROF_SAMPLE_LOCATION = 1, PPROF_SAMPLE_VALUE = 2, PPROF_SAMPLE_LABEL = 3 };

enum pprof_label {
	PPROF_LABEL_KEY = 1,
	PPROF_LABEL_STR = 2,
	PPROF_LABEL_NUM = 3,
	PPROF_LABEL_UNIT = 4
};

enum pprof_mapping {
	PPROF_MAPPING_ID = 1,
	PPROF_MAPPING_START = 2,
	PPROF_MAPPING_LIMIT = 3,
	PPROF_MAPPING_OFFSET = 4,
	PPROF_MAPPING_FILE = 5,
	PPROF_MAPPING_BUILD_ID = 6,
	PPROF_MAPPING_HAS_FUNCTIONS = 7,
	PPROF_MAPPING_HAS_FILENAMES = 8,
	PPROF_MAPPING_HAS_LINE_NUMBERS = 9,
	PPROF_MAPPING_HAS_INLINE_FRAMES = 10
};

enum pprof_location {
	PPROF_LOCATION_ID = 1,
	PPROF_LOCATION_MAPPING = 2,
	PPROF_LOCATION_ADDRESS = 3,
	PPROF_LOCATION_LINE = 4,
	PPROF_LOCATION_IS_FOLDED = 5
};

enum pprof_line { PPROF_LINE_FUNCTION = 1, PPROF_LINE_LINE = 2, PPROF_LINE_COLUMN = 3 };

enum pprof_function {
	PPROF_FUNCTION_ID = 1,
	PPROF_FUNCTION_NAME = 2,
	PPROF_FUNCTION_SYSTEM_NAME = 3,
	PPROF_FUNCTION_FILE = 4,
	PPROF_FUNCTION_START_LINE = 5
};

/* A table of more entries, or a stack of more frames, is refused before memory is taken for it.
 * The largest profile of a fleet that we know of has a twentieth of these. */
#define PPROF_ENTRIES_MAX ((size_t)16 << 20) /* of each table */
#define PPROF_DEPTH_MAX ((size_t)64 << 10)   /* frames of a stack */
#define PPROF_LABELS_MAX ((size_t)1024)      /* labels of a sample */
#define PPROF_COMMENTS_MAX ((size_t)4096)
#define PPROF_LINES_MAX ((size_t)4096) /* inlined functions of a location */

/* The message itself, not zipped. */
int pprof_decode(struct view bytes, struct profile *into, struct err *err);
int pprof_encode(const struct profile *from, struct buf *out, struct err *err);

#endif
