/* pprof_json: the fields of profile.proto by name, for its JSON. */
#include "codec/pprof_json.h"

#include "codec/pprof_format.h"
#include "wire/proto.h"

#define FIELDS(...)                              \
	{                                        \
		(const struct protojson_field[]) \
		{                                \
			__VA_ARGS__,             \
			{                        \
				.name = NULL     \
			}                        \
		}                                \
	}
#define LONG(name_, id_)                                              \
	{                                                             \
		.name = (name_), .id = (id_), .kind = PROTOJSON_INT64 \
	}
#define ULONG(name_, id_)                                              \
	{                                                              \
		.name = (name_), .id = (id_), .kind = PROTOJSON_UINT64 \
	}
#define BOOL(name_, id_)                                             \
	{                                                            \
		.name = (name_), .id = (id_), .kind = PROTOJSON_BOOL \
	}
#define MANY(name_, id_, kind_)                                                           \
	{                                                                                 \
		.name = (name_), .id = (id_), .kind = PROTOJSON_##kind_, .repeated = true \
	}
#define SUBS(name_, id_, message_)                                                         \
	{                                                                                  \
		.name = (name_), .id = (id_), .kind = PROTOJSON_MESSAGE, .repeated = true, \
		.message = &(message_)                                                     \
	}

static const struct protojson_message value_type =
	FIELDS(LONG("type", PPROF_TYPE_NAME), LONG("unit", PPROF_TYPE_UNIT));
static const struct protojson_message label =
	FIELDS(LONG("key", PPROF_LABEL_KEY), LONG("str", PPROF_LABEL_STR),
		LONG("num", PPROF_LABEL_NUM), LONG("num_unit", PPROF_LABEL_UNIT));
static const struct protojson_message sample =
	FIELDS(MANY("location_id", PPROF_SAMPLE_LOCATION, UINT64),
		MANY("value", PPROF_SAMPLE_VALUE, INT64), SUBS("label", PPROF_SAMPLE_LABEL, label));
static const struct protojson_message mapping = FIELDS(ULONG("id", PPROF_MAPPING_ID),
	ULONG("memory_start", PPROF_MAPPING_START), ULONG("memory_limit", PPROF_MAPPING_LIMIT),
	ULONG("file_offset", PPROF_MAPPING_OFFSET), LONG("filename", PPROF_MAPPING_FILE),
	LONG("build_id", PPROF_MAPPING_BUILD_ID),
	BOOL("has_functions", PPROF_MAPPING_HAS_FUNCTIONS),
	BOOL("has_filenames", PPROF_MAPPING_HAS_FILENAMES),
	BOOL("has_line_numbers", PPROF_MAPPING_HAS_LINE_NUMBERS),
	BOOL("has_inline_frames", PPROF_MAPPING_HAS_INLINE_FRAMES));
static const struct protojson_message line =
	FIELDS(ULONG("function_id", PPROF_LINE_FUNCTION), LONG("line", PPROF_LINE_LINE));
static const struct protojson_message location = FIELDS(ULONG("id", PPROF_LOCATION_ID),
	ULONG("mapping_id", PPROF_LOCATION_MAPPING), ULONG("address", PPROF_LOCATION_ADDRESS),
	SUBS("line", PPROF_LOCATION_LINE, line), BOOL("is_folded", PPROF_LOCATION_IS_FOLDED));
static const struct protojson_message function = FIELDS(ULONG("id", PPROF_FUNCTION_ID),
	LONG("name", PPROF_FUNCTION_NAME), LONG("system_name", PPROF_FUNCTION_SYSTEM_NAME),
	LONG("filename", PPROF_FUNCTION_FILE), LONG("start_line", PPROF_FUNCTION_START_LINE));

const struct protojson_message pprof_json_profile = FIELDS(
	SUBS("sample_type", PPROF_SAMPLE_TYPE, value_type), SUBS("sample", PPROF_SAMPLE, sample),
	SUBS("mapping", PPROF_MAPPING, mapping), SUBS("location", PPROF_LOCATION, location),
	SUBS("function", PPROF_FUNCTION, function), MANY("string_table", PPROF_STRING_TABLE, TEXT),
	LONG("drop_frames", PPROF_DROP_FRAMES), LONG("keep_frames", PPROF_KEEP_FRAMES),
	LONG("time_nanos", PPROF_TIME_NANOS), LONG("duration_nanos", PPROF_DURATION_NANOS),
	{ .name = "period_type",
		.id = PPROF_PERIOD_TYPE,
		.kind = PROTOJSON_MESSAGE,
		.message = &value_type },
	LONG("period", PPROF_PERIOD), MANY("comment", PPROF_COMMENT, INT64),
	LONG("default_sample_type", PPROF_DEFAULT_SAMPLE_TYPE));

void pprof_json_clean(struct view message, struct buf *out)
{
	struct proto in = proto_of(message);
	const uint8_t *begin = in.at;
	struct proto_field f;

	while (proto_next(&in, &f)) {
		if (f.id == PPROF_STRING_TABLE && f.wire == PROTO_BYTES)
			proto_put_text(out, f.id, f.bytes);
		else
			buf_add(out, begin, (size_t)(in.at - begin));
		begin = in.at;
	}
}
