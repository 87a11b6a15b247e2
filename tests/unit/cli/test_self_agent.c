/* test_self_agent: where nobody listens the server goes on. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/self_agent.h"

static void it_says_at_its_end_how_it_went(void **state)
{
	struct fetch_trust trust = { .authorization = "Bearer token" };
	struct self_agent *self;
	struct journal *journal;
	char line[2000] = "";
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	journal = journal_new(ends[1], JOURNAL_INFO, JOURNAL_LOGFMT);
	self = self_agent_start("http://127.0.0.1:1/", &trust, journal);
	self_agent_stop(self, journal);
	line[read(ends[0], line, sizeof(line) - 1)] = '\0';
	if (self)
		assert_non_null(strstr(line, "dropped="));
	else
		assert_non_null(strstr(line, "does not profile itself"));
	journal_free(journal);
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_says_at_its_end_how_it_went),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
