/* journal: what the server did, one line each, for people and for programs. */
#include "server/journal.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "wire/json.h"

#define SLOTS 64u
#define A_SECOND_MAX 20u

struct slot { /* of messages with one hash */
	uint64_t second;
	unsigned said, suppressed;
};

struct journal {
	int fd;
	enum journal_level least;
	enum journal_format format;
	pthread_mutex_t lock;
	struct slot slots[SLOTS]; /* under the lock */
};

static const char *const level_names[] = { "debug", "info", "warn", "error" };

struct journal *journal_new(int fd, enum journal_level least, enum journal_format format)
{
	struct journal *journal = calloc(1, sizeof(*journal));

	if (!journal)
		return NULL;
	journal->fd = fd;
	journal->least = least;
	journal->format = format;
	pthread_mutex_init(&journal->lock, NULL);
	return journal;
}

void journal_free(struct journal *journal)
{
	if (!journal)
		return;
	pthread_mutex_destroy(&journal->lock);
	free(journal);
}

bool journal_hears(const struct journal *journal, enum journal_level level)
{
	return journal && level >= journal->least;
}

static bool is_bare(struct view value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((uint8_t)value.at[i] <= ' ' || (uint8_t)value.at[i] >= 0x7f ||
			value.at[i] == '"' || value.at[i] == '=' || value.at[i] == '\\')
			return false;
	return value.len;
}

static void add_field(struct buf *line, struct json *json, const char *key, struct view value)
{
	struct json text = { .out = line };

	if (json->out) {
		json_key(json, key);
		json_text(json, value);
		return;
	}
	buf_add_format(line, "%s%s=", line->len ? " " : "", key);
	if (is_bare(value))
		buf_add_view(line, value);
	else
		json_text(&text, value);
}

static void time_text(char *into, size_t size)
{
	uint64_t now_ns = clock_realtime_ns();
	time_t seconds = (time_t)(now_ns / 1000000000);
	struct tm parts;
	size_t len;

	gmtime_r(&seconds, &parts);
	len = strftime(into, size, "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(into + len, size - len, ".%03uZ", (unsigned)(now_ns / 1000000 % 1000));
}

/* Under the lock. False: not this one; else how many were left out before. */
static bool may_say(struct journal *journal, const char *message, unsigned *ret_suppressed)
{
	struct slot *slot = &journal->slots[hash_view(view_of(message)) % SLOTS];
	uint64_t second = clock_monotonic_ns() / 1000000000;

	*ret_suppressed = 0;
	if (slot->second != second) {
		*ret_suppressed = slot->suppressed;
		*slot = (struct slot){ .second = second };
	}
	if (slot->said++ < A_SECOND_MAX)
		return true;
	slot->suppressed++;
	return false;
}

static void write_line(int fd, struct view line)
{
	ssize_t done;

	while (line.len && (done = write(fd, line.at, line.len)) > 0)
		line = view_between(line.at + done, view_end(line));
}

void journal_say(struct journal *journal, enum journal_level level, const char *message,
	const struct journal_field *fields, size_t n)
{
	BUF_AUTO line = { 0 };
	struct json json = { 0 };
	char text[64];
	unsigned suppressed;

	if (!journal_hears(journal, level))
		return;
	if (journal->format == JOURNAL_JSON) {
		json.out = &line;
		json_object(&json);
	}
	time_text(text, sizeof(text));
	add_field(&line, &json, "time", view_of(text));
	add_field(&line, &json, "level", view_of(level_names[level]));
	add_field(&line, &json, "msg", view_of(message));
	for (size_t i = 0; i < n; i++)
		add_field(&line, &json, fields[i].key, fields[i].value);
	pthread_mutex_lock(&journal->lock);
	if (may_say(journal, message, &suppressed)) {
		snprintf(text, sizeof(text), "%u", suppressed);
		if (suppressed)
			add_field(&line, &json, "suppressed", view_of(text));
		buf_add_text(&line, json.out ? "}\n" : "\n");
		write_line(journal->fd, buf_view(&line));
	}
	pthread_mutex_unlock(&journal->lock);
}
