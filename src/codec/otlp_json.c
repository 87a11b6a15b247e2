/* otlp_json: the fields of OTLP's profiles by name, for its JSON. */
#include "codec/otlp_format.h"
#include "wire/protojson.h"

#define FIELDS(...)                              \
	{                                        \
		(const struct protojson_field[]) \
		{                                \
			__VA_ARGS__,             \
			{                        \
				0                \
			}                        \
		}                                \
	}
#define INT(name, id)                                         \
	{                                                     \
		name, id, PROTOJSON_INT32, false, false, NULL \
	}
#define LONG(name, id)                                        \
	{                                                     \
		name, id, PROTOJSON_INT64, false, false, NULL \
	}
#define ULONG(name, id)                                        \
	{                                                      \
		name, id, PROTOJSON_UINT64, false, false, NULL \
	}
#define TEXT(name, id)                                       \
	{                                                    \
		name, id, PROTOJSON_TEXT, false, false, NULL \
	}
#define ID(name, id)                                       \
	{                                                  \
		name, id, PROTOJSON_ID, false, false, NULL \
	}
#define INTS(name, id)                                       \
	{                                                    \
		name, id, PROTOJSON_INT32, true, false, NULL \
	}
#define CHOICE(name, id, kind, message)              \
	{                                            \
		name, id, kind, false, true, message \
	}
#define ONE(name, id, message)                                     \
	{                                                          \
		name, id, PROTOJSON_MESSAGE, false, false, message \
	}
#define MANY(name, id, message)                                   \
	{                                                         \
		name, id, PROTOJSON_MESSAGE, true, false, message \
	}

static const struct protojson_message any;

static const struct protojson_message key_value =
	FIELDS(TEXT("key", OTLP_KEY), ONE("value", OTLP_VALUE, &any), INT("key_strindex", 3));
static const struct protojson_message array = FIELDS(MANY("values", 1, &any));
static const struct protojson_message key_values = FIELDS(MANY("values", 1, &key_value));

static const struct protojson_message any = FIELDS(
	CHOICE("string_value", OTLP_ANY_TEXT, PROTOJSON_TEXT, NULL),
	CHOICE("bool_value", OTLP_ANY_BOOL, PROTOJSON_BOOL, NULL),
	CHOICE("int_value", OTLP_ANY_INT, PROTOJSON_INT64, NULL),
	CHOICE("double_value", OTLP_ANY_DOUBLE, PROTOJSON_DOUBLE, NULL),
	ONE("array_value", OTLP_ANY_ARRAY, &array), ONE("kvlist_value", OTLP_ANY_KEYS, &key_values),
	CHOICE("bytes_value", OTLP_ANY_BYTES, PROTOJSON_BYTES, NULL),
	CHOICE("string_value_strindex", OTLP_ANY_STRING, PROTOJSON_INT32, NULL));

static const struct protojson_message mapping = FIELDS(ULONG("memory_start", OTLP_MAPPING_START),
	ULONG("memory_limit", OTLP_MAPPING_LIMIT), ULONG("file_offset", OTLP_MAPPING_OFFSET),
	INT("filename_strindex", OTLP_MAPPING_FILE),
	INTS("attribute_indices", OTLP_MAPPING_ATTRIBUTES));
static const struct protojson_message line = FIELDS(INT("function_index", OTLP_LINE_FUNCTION),
	LONG("line", OTLP_LINE_LINE), LONG("column", OTLP_LINE_COLUMN));
static const struct protojson_message location = FIELDS(INT("mapping_index", OTLP_LOCATION_MAPPING),
	ULONG("address", OTLP_LOCATION_ADDRESS), MANY("lines", OTLP_LOCATION_LINES, &line),
	INTS("attribute_indices", OTLP_LOCATION_ATTRIBUTES));
static const struct protojson_message function = FIELDS(INT("name_strindex", OTLP_FUNCTION_NAME),
	INT("system_name_strindex", OTLP_FUNCTION_SYSTEM_NAME),
	INT("filename_strindex", OTLP_FUNCTION_FILE), LONG("start_line", OTLP_FUNCTION_START_LINE));
static const struct protojson_message trace_link =
	FIELDS(ID("trace_id", OTLP_LINK_TRACE), ID("span_id", OTLP_LINK_SPAN));
static const struct protojson_message attribute = FIELDS(INT("key_strindex", OTLP_KEY),
	ONE("value", OTLP_VALUE, &any), INT("unit_strindex", OTLP_UNIT_OR_KEY));
static const struct protojson_message stack =
	FIELDS(INTS("location_indices", OTLP_STACK_LOCATIONS));

static const struct protojson_message dictionary =
	FIELDS(MANY("mapping_table", OTLP_MAPPINGS, &mapping),
		MANY("location_table", OTLP_LOCATIONS, &location),
		MANY("function_table", OTLP_FUNCTIONS, &function),
		MANY("link_table", OTLP_LINKS, &trace_link),
		{ "string_table", OTLP_STRINGS, PROTOJSON_TEXT, true, false, NULL },
		MANY("attribute_table", OTLP_ATTRIBUTES, &attribute),
		MANY("stack_table", OTLP_STACKS, &stack));

static const struct protojson_message value_type =
	FIELDS(INT("type_strindex", OTLP_TYPE_NAME), INT("unit_strindex", OTLP_TYPE_UNIT));
static const struct protojson_message sample = FIELDS(INT("stack_index", OTLP_SAMPLE_STACK),
	INTS("attribute_indices", OTLP_SAMPLE_ATTRIBUTES), INT("link_index", OTLP_SAMPLE_LINK),
	{ "values", OTLP_SAMPLE_VALUES, PROTOJSON_INT64, true, false, NULL },
	{ "timestamps_unix_nano", OTLP_SAMPLE_TIMESTAMPS, PROTOJSON_FIXED64, true, false, NULL });
static const struct protojson_message profile =
	FIELDS(ONE("sample_type", OTLP_PROFILE_TYPE, &value_type),
		MANY("samples", OTLP_PROFILE_SAMPLES, &sample),
		{ "time_unix_nano", OTLP_PROFILE_TIME, PROTOJSON_FIXED64, false, false, NULL },
		ULONG("duration_nano", OTLP_PROFILE_DURATION),
		ONE("period_type", OTLP_PROFILE_PERIOD_TYPE, &value_type),
		LONG("period", OTLP_PROFILE_PERIOD), ID("profile_id", OTLP_PROFILE_ID),
		INTS("attribute_indices", OTLP_PROFILE_ATTRIBUTES));

static const struct protojson_message resource =
	FIELDS(MANY("attributes", OTLP_RESOURCE_ATTRIBUTES, &key_value));
static const struct protojson_message scope = FIELDS(TEXT("name", OTLP_SCOPE_NAME),
	TEXT("version", OTLP_SCOPE_VERSION), MANY("attributes", OTLP_SCOPE_ATTRIBUTES, &key_value));
static const struct protojson_message scope_profiles =
	FIELDS(ONE("scope", OTLP_SCOPE, &scope), MANY("profiles", OTLP_PROFILES, &profile));
static const struct protojson_message resource_profiles =
	FIELDS(ONE("resource", OTLP_RESOURCE, &resource),
		MANY("scope_profiles", OTLP_SCOPE_PROFILES, &scope_profiles));
static const struct protojson_message message =
	FIELDS(MANY("resource_profiles", OTLP_RESOURCE_PROFILES, &resource_profiles),
		ONE("dictionary", OTLP_DICTIONARY, &dictionary));

int otlp_json_read(struct view text, struct buf *out, struct err *err)
{
	buf_init(out, OTLP_JSON_MAX);
	return protojson_read(&message, text, out, err);
}

int otlp_json_write(struct view bytes, struct buf *out, struct err *err)
{
	return protojson_write(&message, bytes, out, err);
}
