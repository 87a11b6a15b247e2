/* cmd_store: a store is checked, repaired, backed up and brought back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/store_report.h"
#include "store/control.h"

struct store_options {
	uint64_t keep, number;
	bool json;
};

static const struct option table[] = {
	{ 0, "keep", OPTION_NUMBER(struct store_options, keep), .argument = "COUNT", .min = 1,
		.max = UINT32_MAX,
		.help = "backup: remove all but the newest COUNT backups afterwards" },
	{ 0, "number", OPTION_NUMBER(struct store_options, number), .argument = "NUMBER", .min = 1,
		.max = UINT32_MAX, .help = "restore: this backup instead of the newest" },
	{ 0, "json", OPTION_FLAG(struct store_options, json), .help = "say it as JSON" },
	{ 0 },
};

/* ---- check and repair ---- */

/* A store that a server has is looked at as that server's checkpoint. */
static int open_running(struct checkup *checkup, const char *folder, int *ret_fd, struct err *err)
{
	BUF_AUTO path = { 0 };
	int rc = control_ask(folder, ret_fd, err);

	buf_add_format(&path, "%s/" CONTROL_CHECKPOINT, folder);
	buf_add_char(&path, '\0');
	if (rc == 0 && path.failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	return rc == 0 ? checkup_open(checkup, path.at, err) : rc;
}

static int check(
	struct checkup *checkup, const char *folder, struct buf *out, bool as_json, struct err *err)
{
	int fd = -1, rc = checkup_open(checkup, folder, err);

	if (rc == ERR_DENIED) {
		checkup_close(checkup);
		rc = open_running(checkup, folder, &fd, err);
	}
	if (rc == 0)
		rc = survey_run(&checkup->survey, err);
	if (rc == 0)
		store_report_check(checkup, folder, as_json, out);
	if (fd >= 0)
		close(fd);
	return rc;
}

static int run_check(
	const char *folder, const struct store_options *wanted, struct buf *out, struct err *err)
{
	struct checkup *checkup = calloc(1, sizeof(*checkup));
	int rc = checkup ? check(checkup, folder, out, wanted->json, err)
			 : err_set(err, ERR_NOMEM, "out of memory");
	bool is_damaged = rc == 0 && checkup->findings.n > 0;

	if (checkup)
		checkup_close(checkup);
	free(checkup);
	return is_damaged ? STATUS_NO : rc;
}

/* Looked at first: what is whole is left as it is. */
static int repair(
	struct checkup *checkup, const char *folder, struct buf *out, bool as_json, struct err *err)
{
	struct mend mend = { .rocks = { .lock_fd = -1 } };
	int rc = checkup_open(checkup, folder, err);

	if (rc == 0)
		rc = survey_run(&checkup->survey, err);
	if (rc < 0)
		return rc;
	if (checkup->findings.n == 0) {
		store_report_repair(checkup, NULL, as_json, out);
		return 0;
	}
	checkup_close(checkup);
	rc = checkup_open(checkup, folder, err);
	if (rc == 0)
		rc = mend_run(&mend, checkup, err);
	if (rc == 0)
		store_report_repair(checkup, &mend, as_json, out);
	mend_fini(&mend);
	return rc;
}

static int run_repair(
	const char *folder, const struct store_options *wanted, struct buf *out, struct err *err)
{
	struct checkup *checkup = calloc(1, sizeof(*checkup));
	int rc = checkup ? repair(checkup, folder, out, wanted->json, err)
			 : err_set(err, ERR_NOMEM, "out of memory");

	if (checkup)
		checkup_close(checkup);
	free(checkup);
	return rc;
}

/* ---- backups ---- */

static int run_backup(
	char **folders, const struct store_options *wanted, struct buf *out, struct err *err)
{
	struct vault_backup made;
	int rc = vault_add(folders[0], folders[1], (uint32_t)wanted->keep, &made, err);

	if (rc == 0)
		store_report_backup(&made, "backup", folders[1], wanted->json, out);
	return rc;
}

static int run_restore(
	char **folders, const struct store_options *wanted, struct buf *out, struct err *err)
{
	struct vault_backup made;
	int rc = vault_restore(folders[0], (uint32_t)wanted->number, folders[1], &made, err);

	if (rc == 0)
		store_report_backup(&made, "restored backup", folders[1], wanted->json, out);
	return rc;
}

static int usage(unsigned n, unsigned wanted, const char *words, struct err *err)
{
	return n == wanted ? 0 : err_set(err, ERR_USAGE, "it takes %s", words);
}

static int run(const struct command_line *line)
{
	const struct store_options *wanted = line->options;
	char **folders = line->operands + 1;
	unsigned n = line->n_operands - 1;
	const char *word = line->operands[0];
	BUF_AUTO out = { 0 };
	struct err err = { 0 };
	int rc;

	if (strcmp(word, "check") == 0)
		rc = usage(n, 1, "check FOLDER", &err) ?: run_check(folders[0], wanted, &out, &err);
	else if (strcmp(word, "repair") == 0)
		rc = usage(n, 1, "repair FOLDER", &err)
			     ?: run_repair(folders[0], wanted, &out, &err);
	else if (strcmp(word, "backup") == 0)
		rc = usage(n, 2, "backup FOLDER BACKUPS", &err)
			     ?: run_backup(folders, wanted, &out, &err);
	else
		rc = usage(n, 2, "restore BACKUPS FOLDER", &err)
			     ?: run_restore(folders, wanted, &out, &err);
	fwrite(out.at, 1, out.len, stdout);
	return rc < 0 ? command_fail(line->command, &err) : rc;
}

static const struct command_word words[] = {
	{ "check", "read all of it and name what is damaged; status 1 if something is" },
	{ "repair", "write a damaged one anew from all that can be read, and keep the old one" },
	{ "backup", "add a backup to a folder of backups, also while a server runs" },
	{ "restore", "bring a backup back into a folder that is empty or not there" },
	{ NULL, NULL },
};

static const struct command_word examples[] = {
	{ "flyover store check flyover-data", "is all of it readable?" },
	{ "flyover store backup /var/lib/flyover /backup/flyover --keep 7", "once a day" },
	{ "flyover store restore /backup/flyover /var/lib/flyover", "the newest one" },
	{ NULL, NULL },
};

const struct command cmd_store = {
	.name = "store",
	.operands = "WORD FOLDER [FOLDER]",
	.summary = "check, repair, back up and restore where a server keeps profiles",
	.about =
		"A store that a server has open is checked and backed up from a checkpoint, which "
		"that server makes for whoever owns the folder. To repair one, stop its server.\n"
		"\n"
		"A repair reads each block of each file for itself. It writes a new store beside "
		"the "
		"damaged one, reads that again, and only then gives it the old one's name; the old "
		"one stays as FOLDER.damaged-TIME. What was lost is said, and exit status 0 means "
		"that the store is whole now.\n"
		"\n"
		"Backups in one folder share what they have in common. None is changed by the "
		"next.",
	.examples = examples,
	.first_words = words,
	.first_words_title = "Words",
	.operands_min = 2,
	.operands_max = 3,
	.options = table,
	.options_size = sizeof(struct store_options),
	.run = run,
};
