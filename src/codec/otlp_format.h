/*
 * otlp_format: the numbers of OpenTelemetry's profiles
 * (opentelemetry.proto.profiles.v1development), and how much of it we accept.
 *
 * One dictionary serves all profiles of a message; its tables name each other by index, and entry 0
 * of each means "none". A profile has one sample type. The message comes in two layouts: proto 1.10
 * moved three fields of a sample. docs/formats/otlp.md says how they are told apart.
 */
#ifndef CODEC_OTLP_FORMAT_H
#define CODEC_OTLP_FORMAT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"
#include "codec/parts.h"

struct profile;

/* ProfilesData and ExportProfilesServiceRequest are the same. */
enum otlp_message { OTLP_RESOURCE_PROFILES = 1, OTLP_DICTIONARY = 2 };

enum otlp_dictionary {
	OTLP_MAPPINGS = 1,
	OTLP_LOCATIONS = 2,
	OTLP_FUNCTIONS = 3,
	OTLP_LINKS = 4,
	OTLP_STRINGS = 5,
	OTLP_ATTRIBUTES = 6,
	OTLP_STACKS = 7,
	OTLP_TABLES
};

enum otlp_resource_profiles { OTLP_RESOURCE = 1, OTLP_SCOPE_PROFILES = 2 };
enum otlp_resource { OTLP_RESOURCE_ATTRIBUTES = 1 };
enum otlp_scope_profiles { OTLP_SCOPE = 1, OTLP_PROFILES = 2 };
enum otlp_scope { OTLP_SCOPE_NAME = 1, OTLP_SCOPE_VERSION = 2, OTLP_SCOPE_ATTRIBUTES = 3 };

enum otlp_profile_field {
	OTLP_PROFILE_TYPE = 1,
	OTLP_PROFILE_SAMPLES = 2,
	OTLP_PROFILE_TIME = 3,
	OTLP_PROFILE_DURATION = 4,
	OTLP_PROFILE_PERIOD_TYPE = 5,
	OTLP_PROFILE_PERIOD = 6,
	OTLP_PROFILE_ID = 7,
	OTLP_PROFILE_ATTRIBUTES = 11
};

enum otlp_value_type { OTLP_TYPE_NAME = 1, OTLP_TYPE_UNIT = 2 };

enum otlp_sample { /* since 1.10 */
	OTLP_SAMPLE_STACK = 1,
	OTLP_SAMPLE_ATTRIBUTES = 2,
	OTLP_SAMPLE_LINK = 3,
	OTLP_SAMPLE_VALUES = 4,
	OTLP_SAMPLE_TIMESTAMPS = 5
};

enum otlp_sample_1_9 {
	OTLP_OLD_SAMPLE_VALUES = 2,
	OTLP_OLD_SAMPLE_ATTRIBUTES = 3,
	OTLP_OLD_SAMPLE_LINK = 4
};

enum otlp_mapping {
	OTLP_MAPPING_START = 1,
	OTLP_MAPPING_LIMIT = 2,
	OTLP_MAPPING_OFFSET = 3,
	OTLP_MAPPING_FILE = 4,
	OTLP_MAPPING_ATTRIBUTES = 5
};

enum otlp_location {
	OTLP_LOCATION_MAPPING = 1,
	OTLP_LOCATION_ADDRESS = 2,
	OTLP_LOCATION_LINES = 3,
	OTLP_LOCATION_ATTRIBUTES = 4
};

enum otlp_line { OTLP_LINE_FUNCTION = 1, OTLP_LINE_LINE = 2, OTLP_LINE_COLUMN = 3 };

enum otlp_function {
	OTLP_FUNCTION_NAME = 1,
	OTLP_FUNCTION_SYSTEM_NAME = 2,
	OTLP_FUNCTION_FILE = 3,
	OTLP_FUNCTION_START_LINE = 4
};

enum otlp_link { OTLP_LINK_TRACE = 1, OTLP_LINK_SPAN = 2 };
enum otlp_stack { OTLP_STACK_LOCATIONS = 1 };

/* Of the dictionary: key and unit are strings of its table. Elsewhere field 1 is the key as text.
 */
enum otlp_attribute_field { OTLP_KEY = 1, OTLP_VALUE = 2, OTLP_UNIT_OR_KEY = 3 };

enum otlp_any {
	OTLP_ANY_TEXT = 1,
	OTLP_ANY_BOOL = 2,
	OTLP_ANY_INT = 3,
	OTLP_ANY_DOUBLE = 4,
	OTLP_ANY_ARRAY = 5,
	OTLP_ANY_KEYS = 6,
	OTLP_ANY_BYTES = 7,
	OTLP_ANY_STRING = 8 /* of the dictionary */
};

#define OTLP_PROFILES_MAX ((size_t)16 << 10)
#define OTLP_ATTRIBUTES_MAX ((size_t)128) /* of a sample, a profile, a resource, a scope */
#define OTLP_JSON_MAX ((size_t)1 << 30)   /* bytes of a message that came as JSON, as protobuf */

/* Attributes that mean what a pprof file can say, by OpenTelemetry's semantic conventions. */
#define OTLP_KEY_BUILD_ID "process.executable.build_id."
#define OTLP_KEY_HAS "pprof.mapping.has_"
#define OTLP_KEY_IS_FOLDED "pprof.location.is_folded"
#define OTLP_KEY_COMMENT "pprof.profile.comment"
#define OTLP_KEY_DOC_URL "pprof.profile.doc_url"
#define OTLP_KEY_DROP "pprof.profile.drop_frames"
#define OTLP_KEY_KEEP "pprof.profile.keep_frames"
#define OTLP_KEY_DEFAULT_TYPE "pprof.scope.default_sample_type"

/* Protobuf, or JSON if it begins with a brace. All profiles become one; what its resource says of
 * each is a label of its samples. */
int otlp_decode(struct view bytes, struct profile *into, struct err *err);

/* One by one. Those without samples are left out. */
int otlp_decode_parts(struct view bytes, const struct parts_sink *sink, struct err *err);

/* Protobuf, in the layout since 1.10; a profile for each sample type. */
int otlp_encode(const struct profile *from, struct buf *out, struct err *err);

/* From JSON as OTLP writes it to protobuf, and back. */
int otlp_json_read(struct view text, struct buf *out, struct err *err);
int otlp_json_write(struct view message, struct buf *out, struct err *err);

#endif
