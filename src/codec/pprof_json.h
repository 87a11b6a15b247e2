/*
 * pprof_json: the fields of profile.proto by name, for its JSON.
 */
#ifndef CODEC_PPROF_JSON_H
#define CODEC_PPROF_JSON_H

#include "wire/protojson.h"

extern const struct protojson_message pprof_json_profile;

/* Appends a message whose texts are UTF-8, as readers of protobuf's strings want them, and other
 * ones not. */
void pprof_json_clean(struct view message, struct buf *out);

#endif
