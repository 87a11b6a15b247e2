/* top_of: reads a profile, writes its top table: top_of ROWS [cum] FILE */
#include <stdio.h>
#include <stdlib.h>

#include "base/disk.h"
#include "codec/codec.h"
#include "render/render_text.h"

int main(int argc, char **argv)
{
	struct render_text_options options = { .fraction_min = 0.005, .with_header = true };
	BUF_AUTO bytes = { 0 };
	BUF_AUTO out = { 0 };
	PROFILE_AUTO profile = NULL;
	struct err err;
	int rc;

	if (argc < 3) {
		fprintf(stderr, "top_of: ROWS [cum] FILE\n");
		return 2;
	}
	options.rows_max = strtoul(argv[1], NULL, 10);
	options.by_total = argc > 3;
	rc = disk_read(argv[argc - 1], SIZE_MAX / 2, &bytes, &err);
	if (rc == 0)
		rc = codec_decode(buf_view(&bytes), &profile, &err);
	if (rc == 0)
		rc = render_text_top(profile, &options, &out, &err);
	if (rc < 0) {
		fprintf(stderr, "top_of: %s\n", err.text);
		return 2;
	}
	fwrite(out.at, 1, out.len, stdout);
	return 0;
}
