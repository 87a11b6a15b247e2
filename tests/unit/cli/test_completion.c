/* test_completion: a shell that reads the script completes what the tables know. */
#include "testing.h"

#include <unistd.h>

#include "cli/command.h"
#include "cli/completion.h"
#include "writing.h"

/* What bash offers after the given words, one a line. */
static char *offered(const char *words)
{
	char path[] = "/tmp/completion-XXXXXX", line[512], *text = calloc(1, 4096);
	int fd = mkstemp(path);
	FILE *script = fdopen(fd, "w"), *bash;

	assert_non_null(script);
	completion_write("bash", script);
	fprintf(script,
		"COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _flyover\n"
		"printf '%%s\\n' \"${COMPREPLY[@]}\"\n",
		words);
	fclose(script);
	snprintf(line, sizeof(line), "bash --norc %s", path);
	bash = popen(line, "r");
	assert_non_null(bash);
	assert_true(fread(text, 1, 4095, bash) > 0);
	assert_int_equal(pclose(bash), 0);
	unlink(path);
	return text;
}

static void bash_offers_commands(void **state)
{
	char *text = offered("flyover he");

	assert_string_equal(text, "help\n");
	free(text);
}

static void bash_offers_options_and_their_choices(void **state)
{
	char *text = offered("flyover help --co");

	assert_string_equal(text, "--completion\n");
	free(text);
	text = offered("flyover help --completion z");
	assert_string_equal(text, "zsh\n");
	free(text);
}

static void every_script_names_every_command_and_option(void **state)
{
	for (const char *const *shell = completion_shells; *shell; shell++) {
		struct writing w;
		const char *text;

		completion_write(*shell, writing_begin(&w)->out);
		text = writing_end(&w);
		for (const struct command *const *c = command_all; *c; c++) {
			assert_non_null(strstr(text, (*c)->name));
			for (const struct option *o = (*c)->options; o && o->name; o++)
				assert_non_null(strstr(text, o->name));
		}
		free(w.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bash_offers_commands),
		cmocka_unit_test(bash_offers_options_and_their_choices),
		cmocka_unit_test(every_script_names_every_command_and_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
