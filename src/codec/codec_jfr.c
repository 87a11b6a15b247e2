/* codec_jfr: recordings of Java's Flight Recorder; read only. */
#include "codec/codec.h"
#include "codec/jfr_format.h"

static const char *const extensions[] = { ".jfr", NULL };

const struct codec codec_jfr = {
	.name = "jfr",
	.mime = "application/octet-stream",
	.extensions = extensions,
	.sniff = jfr_chunk_is,
	.decode = jfr_decode,
};
