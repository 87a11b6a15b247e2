/* test_sampling_agent: what cannot be is said before anything starts; a line says how it goes. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/sampling_agent.h"

static void a_window_has_a_length(void **state)
{
	struct sampling_wish wish = { SAMPLING_WISH_DEFAULTS };
	struct fetch_trust trust = { 0 };
	struct agent *agent;
	struct err err = { 0 };

	wish.window_ns = 1;
	assert_int_equal(
		sampling_agent_start(&wish, "http://127.0.0.1:1", &trust, &agent, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "--window"));
}

static void a_line_says_how_it_goes(void **state)
{
	struct sampling_wish wish = { SAMPLING_WISH_DEFAULTS };
	struct fetch_trust trust = { 0 };
	struct agent *agent;
	struct journal *journal;
	struct err err = { 0 };
	char line[1000];
	int ends[2];

	if (sampling_agent_start(&wish, "http://127.0.0.1:1", &trust, &agent, &err)) {
		printf("SKIP: %s\n", err.text);
		exit(77);
	}
	assert_int_equal(pipe(ends), 0);
	journal = journal_new(ends[1], JOURNAL_INFO, JOURNAL_LOGFMT);
	sampling_agent_report(agent, journal);
	line[read(ends[0], line, sizeof(line) - 1)] = '\0';
	assert_non_null(strstr(line, "windows="));
	assert_non_null(strstr(line, "dropped=0"));
	agent_stop(agent, 0);
	journal_free(journal);
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_has_a_length),
		cmocka_unit_test(a_line_says_how_it_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
