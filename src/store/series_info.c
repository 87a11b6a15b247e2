/* series_info: what a series is, as bytes that name it and can be read again. */
#include "store/series_info.h"

#include <stdlib.h>

#include "store/store_impl.h"
#include "wire/proto.h"

static void put_text(struct buf *out, struct view text)
{
	proto_put_varint(out, text.len);
	buf_add_view(out, text);
}

void series_info_encode(const struct store_entry *entry, struct buf *out)
{
	const struct profile *profile = entry->profile;

	put_text(out, entry->tenant);
	put_text(out, entry->name);
	put_text(out, profile_text(profile, profile->period_type.type));
	put_text(out, profile_text(profile, profile->period_type.unit));
	proto_put_varint(out, profile->n_types);
	for (size_t i = 0; i < profile->n_types; i++) {
		put_text(out, profile_text(profile, profile->types[i].type));
		put_text(out, profile_text(profile, profile->types[i].unit));
	}
	proto_put_varint(out, entry->labels.n);
	for (size_t i = 0; i < entry->labels.n; i++) {
		put_text(out, entry->labels.at[i].name);
		put_text(out, entry->labels.at[i].value);
	}
}

static bool take_text(struct proto *in, struct view *ret)
{
	uint64_t len;

	if (!proto_varint(in, &len) || len > (size_t)(in->end - in->at))
		return false;
	*ret = (struct view){ (const char *)in->at, (size_t)len };
	in->at += len;
	return true;
}

static bool take_types(struct proto *in, struct series_info *info, struct store_type common)
{
	uint64_t n;

	if (!proto_varint(in, &n) || n > PROFILE_TYPES_MAX)
		return false;
	info->types = calloc(n + 1, sizeof(*info->types));
	for (size_t i = 0; info->types && i < n; i++) {
		info->types[i] = common;
		if (!take_text(in, &info->types[i].type) || !take_text(in, &info->types[i].unit))
			return false;
	}
	info->series.types = info->types;
	info->series.n_types = n;
	return info->types;
}

static bool take_labels(struct proto *in, struct series_info *info)
{
	uint64_t n;

	if (!proto_varint(in, &n) || n > STORE_LABELS_MAX)
		return false;
	info->labels = calloc(n + 1, sizeof(*info->labels));
	for (size_t i = 0; info->labels && i < n; i++)
		if (!take_text(in, &info->labels[i].name) || !take_text(in, &info->labels[i].value))
			return false;
	info->series.labels = (struct store_labels){ info->labels, n };
	return info->labels;
}

int series_info_decode(struct view bytes, struct series_info *ret, struct err *err)
{
	struct proto in = proto_of(bytes);
	struct store_type common;

	*ret = (struct series_info){ 0 };
	if (!take_text(&in, &ret->tenant) || !take_text(&in, &common.name) ||
		!take_text(&in, &common.period_type) || !take_text(&in, &common.period_unit) ||
		!take_types(&in, ret, common) || !take_labels(&in, ret) || in.at != in.end)
		return err_set(err, ERR_CORRUPT, "the description of a series is damaged");
	ret->series.name = common.name;
	ret->service = store_label_of(ret->series.labels, VIEW("service_name"));
	return 0;
}

void series_info_fini(struct series_info *info)
{
	free(info->labels);
	free(info->types);
	*info = (struct series_info){ 0 };
}
