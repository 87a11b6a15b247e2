/* pprof_of: rewrites a profile as pprof: pprof_of FILE OUT TYPE UNIT; the last type is renamed so
 */
#include <stdio.h>

#include "base/disk.h"
#include "codec/codec.h"
#include "model/profile.h"

int main(int argc, char **argv)
{
	BUF_AUTO bytes = { 0 };
	BUF_AUTO out = { 0 };
	PROFILE_AUTO p = NULL;
	struct err err = { 0 };
	int rc = argc == 5 ? disk_read(argv[1], SIZE_MAX / 2, &bytes, &err) : ERR_USAGE;

	if (rc == 0)
		rc = codec_decode(buf_view(&bytes), &p, &err);
	if (rc == 0) {
		p->types[p->n_types - 1].type = profile_string(p, view_of(argv[3]));
		p->types[p->n_types - 1].unit = profile_string(p, view_of(argv[4]));
		p->duration_ns = 20000000000;
		rc = codec_pprof.encode(p, &out, &err);
	}
	if (rc == 0)
		rc = disk_write(argv[2], buf_view(&out), &err);
	if (rc < 0)
		fprintf(stderr, "pprof_of: %s\n", err.text);
	return rc < 0;
}
