/* test_discovery: targets come and go with their files, and stay when a look fails. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "server/discovery.h"

#define LATER ((DISCOVERY_LOOK_S + 1) * 1000000000ull)

static char dir[] = "/tmp/flyover-discovery-XXXXXX";

static int start(void **state)
{
	return mkdtemp(dir) ? 0 : -1;
}

static int stop(void **state)
{
	return rmdir(dir);
}

static void on_found(void *owner, const struct discovery_found *found)
{
	struct buf *all = owner;

	buf_add_text(all, found->address);
	for (size_t i = 0; found->labels && i < found->labels->n; i++)
		buf_add_format(
			all, "{%s=%s}", found->labels->at[i].name, found->labels->at[i].value);
	if (found->meta)
		buf_add_format(all, "(%s)", found->meta_name);
	buf_add_char(all, ' ');
}

static void has(const struct discovery *discovery, const char *text)
{
	BUF_AUTO all = { 0 };

	discovery_each(discovery, on_found, &all);
	assert_view_equal(buf_view(&all), text);
}

static void the_configuration_itself_has_targets(void **state)
{
	const char *addresses[] = { "a:1", "b:2" };
	struct conf_pair region = { "region", "eu" };
	struct scrape_static targets = { { addresses, 2 }, { &region, 1 } };
	struct scrape_job job = { .static_configs = { &targets, 1 } };
	struct discovery *discovery;

	assert_int_equal(discovery_new(&job, &discovery, NULL), 0);
	assert_false(discovery_refresh(discovery, LATER));
	has(discovery, "a:1{region=eu} b:2{region=eu} ");
	assert_string_equal(discovery_trouble(discovery), "");
	discovery_free(discovery);
}

static void files_are_read_anew_when_they_change(void **state)
{
	char glob[64], path[64];
	const char *globs[] = { glob };
	struct scrape_files files = { { globs, 1 }, 1000000000 };
	struct scrape_job job = { .file_sd_configs = { &files, 1 } };
	struct discovery *discovery;

	snprintf(glob, sizeof(glob), "%s/*.json", dir);
	snprintf(path, sizeof(path), "%s/shops.json", dir);
	assert_int_equal(discovery_new(&job, &discovery, NULL), 0);
	discovery_refresh(discovery, LATER);
	has(discovery, "");
	disk_write(path, VIEW("[{\"targets\": [\"a:1\"], \"labels\": {\"x\": \"y\"}}]"), NULL);
	assert_false(discovery_refresh(discovery, LATER + 1)); /* not yet time */
	assert_true(discovery_refresh(discovery, 2 * LATER));
	has(discovery, "a:1{x=y}(__meta_filepath) ");
	assert_false(discovery_refresh(discovery, 3 * LATER)); /* nothing changed */

	disk_write(path, VIEW("[{\"targets\": [\"b:1\"], \"lables\": {}}]"), NULL);
	assert_false(discovery_refresh(discovery, 4 * LATER));
	has(discovery, "a:1{x=y}(__meta_filepath) ");
	assert_non_null(strstr(discovery_trouble(discovery), "there is no 'lables' here"));

	disk_write(path, VIEW("- targets: ['c:1', 'd:1']\n"), NULL);
	assert_true(discovery_refresh(discovery, 5 * LATER));
	has(discovery, "c:1(__meta_filepath) d:1(__meta_filepath) ");
	assert_string_equal(discovery_trouble(discovery), "");
	unlink(path);
	assert_true(discovery_refresh(discovery, 6 * LATER));
	has(discovery, "");
	discovery_free(discovery);
}

static void a_name_server_that_is_gone_is_said(void **state)
{
	const char *names[] = { "shop.test" };
	struct scrape_dns dns = { { names, 1 }, SCRAPE_A, 6060, "127.0.0.1:1", 30000000000 };
	struct scrape_job job = { .dns_sd_configs = { &dns, 1 } };
	struct discovery *discovery;

	assert_int_equal(discovery_new(&job, &discovery, NULL), 0);
	assert_false(discovery_refresh(discovery, LATER));
	has(discovery, "");
	assert_non_null(strstr(discovery_trouble(discovery), "looking up shop.test"));
	discovery_free(discovery);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_configuration_itself_has_targets),
		cmocka_unit_test(files_are_read_anew_when_they_change),
		cmocka_unit_test(a_name_server_that_is_gone_is_said),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
