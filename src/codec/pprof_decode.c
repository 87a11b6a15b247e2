/* pprof_decode: a pprof message as a profile. */
#include "codec/pprof_load.h"
#include "codec/pprof_scan.h"

int pprof_decode(struct view bytes, struct profile *into, struct err *err)
{
	struct pprof_columns columns;
	int rc = pprof_scan(bytes, &columns, err);

	if (rc == 0)
		rc = pprof_load(&columns, into, err);
	pprof_scan_fini(&columns);
	return rc;
}
