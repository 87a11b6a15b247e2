/* checkup: a store is read whole, without changing it, and what is wrong with it is listed. */
#ifndef STORE_CHECKUP_H
#define STORE_CHECKUP_H

#include "store/survey.h"

struct checkup {
	struct rocks rocks; /* locked; its database is open only while its tables are listed */
	struct strata strata;
	struct survey survey;
	struct findings findings;
	bool has_list; /* of its tables, by the store itself */
};

/* Opens the files. Then survey_run reads them, and the findings are complete. ERR_DENIED: it is in
 * use. ERR_UNSUPPORTED: a newer Flyover wrote it. Not to be moved. Finish with checkup_close, also
 * after an error. */
int checkup_open(struct checkup *checkup, const char *path, struct err *err);
void checkup_close(struct checkup *checkup);

#endif
