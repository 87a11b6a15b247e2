/* store_report: what `flyover store` says, as text and as JSON. */
#ifndef CLI_STORE_REPORT_H
#define CLI_STORE_REPORT_H

#include "base/buf.h"
#include "store/checkup.h"
#include "store/mend.h"
#include "store/vault.h"

void store_report_check(
	const struct checkup *checkup, const char *folder, bool as_json, struct buf *out);

/* `mend` NULL: there was nothing to do. */
void store_report_repair(
	const struct checkup *checkup, const struct mend *mend, bool as_json, struct buf *out);

/* `what` is "backup" or "restored". */
void store_report_backup(const struct vault_backup *backup, const char *what, const char *into,
	bool as_json, struct buf *out);

#endif
