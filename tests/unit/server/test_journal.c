/* test_journal: lines that programs can read, whatever strangers put into them. */
#include "testing.h"

#include <stdlib.h>
#include <unistd.h>

#include "server/journal.h"

static char text[1 << 16];

static const char *said(enum journal_format format, const char *value, unsigned times)
{
	int ends[2];
	struct journal *journal;
	ssize_t len;

	assert_int_equal(pipe(ends), 0);
	journal = journal_new(ends[1], JOURNAL_INFO, format);
	for (unsigned i = 0; i < times; i++)
		journal_say(journal, JOURNAL_WARN, "something happened",
			&(struct journal_field){ "name", view_of(value) }, 1);
	journal_say(journal, JOURNAL_DEBUG, "nobody wants this", NULL, 0);
	journal_free(journal);
	close(ends[1]);
	len = read(ends[0], text, sizeof(text) - 1);
	close(ends[0]);
	text[len > 0 ? len : 0] = '\0';
	return text;
}

static void a_line_is_key_equals_value(void **state)
{
	const char *line = said(JOURNAL_LOGFMT, "plain", 1);

	assert_non_null(strstr(line, " level=warn msg=\"something happened\" name=plain\n"));
	assert_memory_equal(line, "time=20", 7);
	assert_null(strstr(line, "nobody"));
}

static void control_bytes_do_not_reach_the_terminal(void **state)
{
	const char *line = said(JOURNAL_LOGFMT, "a\x1b[2J\nlevel=error", 1);

	assert_null(strchr(line, '\x1b'));
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
}

static void the_same_as_json(void **state)
{
	const char *line = said(JOURNAL_JSON, "a\"b", 1);

	assert_int_equal(line[0], '{');
	assert_non_null(strstr(line, "\"msg\":\"something happened\",\"name\":\"a\\\"b\"}\n"));
}

static void what_comes_too_often_is_counted(void **state)
{
	const char *line = said(JOURNAL_LOGFMT, "x", 200);
	unsigned lines = 0;

	for (const char *at = line; *at; at++)
		lines += *at == '\n';
	assert_in_range(lines, 20, 60); /* the second may have turned while it went on */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_key_equals_value),
		cmocka_unit_test(control_bytes_do_not_reach_the_terminal),
		cmocka_unit_test(the_same_as_json),
		cmocka_unit_test(what_comes_too_often_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
