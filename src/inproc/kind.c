/* kind: the kinds of profile that a program can have taken of itself, in one table. */
#include "inproc/kind.h"

#include "codec/pprof_format.h"
#include "inproc/cpu_capture.h"
#include "inproc/lock_capture.h"
#include "inproc/thread_dump.h"
#include "inproc/wall_output.h"
#include "wire/gzip.h"

const struct kind *const kind_all[] = { &cpu_capture_kind, &lock_capture_block, &lock_capture_mutex,
	&wall_output_kind, &thread_dump_kind, NULL };

const struct kind *kind_find(struct view name)
{
	for (size_t i = 0; kind_all[i]; i++)
		if (view_equal(name, view_of(kind_all[i]->name)))
			return kind_all[i];
	return NULL;
}

int kind_zip(const struct profile *profile, struct buf *out, struct err *err)
{
	BUF_AUTO message = { 0 };
	int rc = pprof_encode(profile, &message, err);

	return rc < 0 ? rc : gzip_deflate(buf_view(&message), GZIP_FAST, out, err);
}
