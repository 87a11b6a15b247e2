/* test_process_context: what a reader outside finds, byte for byte. */
#include "base/buf.h"
#include "inproc/label_keys.h"
#include "inproc/process_context.h"
#include "proc/maps.h"
#include "proc/procfs.h"
#include "testing.h"

#include <sys/wait.h>
#include <unistd.h>

/* As a reader does: the first anonymous mapping that begins with the signature. */
static const char *find_header(void)
{
	static char none[32];
	BUF_AUTO maps = { 0 };
	struct maps_line line;
	struct view rest;

	assert_int_equal(procfs_read_maps(getpid(), &maps, NULL), 0);
	for (rest = buf_view(&maps); maps_next(&rest, &line);)
		if (line.readable && line.writable && line.inode == 0 &&
			line.end - line.start == 4096 &&
			memcmp((const char *)line.start, "OTEL_CTX", 8) == 0)
			return (const char *)line.start;
	return none;
}

static void the_payload_says_schema_and_keys(void **state)
{
	static const char wanted[] =
		"\x0a\x1c\x0a\x1a\x0a\x0cservice.name\x12\x0a\x0a\x08"
		"checkout"
		"\x12\x2e\x0a\x1athreadlocal.schema_version\x12\x10\x0a\x0etlsdesc_v1_dev"
		"\x12\x32\x0a\x1dthreadlocal.attribute_key_map\x12\x11\x2a\x0f"
		"\x0a\x07\x0a\x05route\x0a\x04\x0a\x02id";
	BUF_AUTO payload = { 0 };

	label_keys_set_process("service_name=checkout", NULL);
	label_keys_add("route", NULL, NULL);
	label_keys_add("id", NULL, NULL);
	process_context_payload(&payload);
	assert_int_equal(payload.len, sizeof(wanted) - 1);
	assert_memory_equal(payload.at, wanted, payload.len);
}

static uint64_t word(const char *header, size_t at)
{
	uint64_t value;

	memcpy(&value, header + at, sizeof(value));
	return value;
}

static void publishing_again_replaces_it(void **state)
{
	const char *header;
	uint32_t version, size;
	uint64_t first;

	assert_int_equal(process_context_publish(NULL), 0);
	header = find_header();
	assert_memory_equal(header, "OTEL_CTX", 8);
	memcpy(&version, header + 8, 4);
	memcpy(&size, header + 12, 4);
	assert_int_equal(version, 2);
	first = word(header, 16);
	assert_true(first > 0);
	label_keys_add("another", NULL, NULL);
	assert_int_equal(process_context_publish(NULL), 0);
	assert_true(word(header, 16) > first);
	assert_int_equal(*(const uint32_t *)(header + 12), size + 2 + 2 + strlen("another"));
	assert_non_null(memmem(
		(const char *)word(header, 24), *(const uint32_t *)(header + 12), "another", 7));
}

static void who_pushes_says_so(void **state)
{
	const char *header;

	process_context_set_pushes(true);
	header = find_header();
	assert_non_null(memmem((const char *)word(header, 24), *(const uint32_t *)(header + 12),
		"flyover.pushes", 14));
	process_context_set_pushes(false);
	assert_null(memmem((const char *)word(header, 24), *(const uint32_t *)(header + 12),
		"flyover.pushes", 14));
}

static void a_child_publishes_its_own(void **state)
{
	int status;
	pid_t pid;

	assert_int_equal(process_context_publish(NULL), 0);
	pid = fork();
	if (pid == 0) {
		const char *header = find_header();
		bool good = memcmp(header, "OTEL_CTX", 8) == 0 && word(header, 16) > 0;

		label_keys_add("of_the_child", NULL, NULL);
		good = good && process_context_publish(NULL) == 0;
		_exit(good && memmem((const char *)word(header, 24),
				      *(const uint32_t *)(header + 12), "of_the_child", 12)
				? 0
				: 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_payload_says_schema_and_keys),
		cmocka_unit_test(publishing_again_replaces_it),
		cmocka_unit_test(who_pushes_says_so),
		cmocka_unit_test(a_child_publishes_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
