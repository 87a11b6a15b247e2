/* test_origin: units and containers by their cgroups; ourselves by our own file. */
#include "testing.h"

#include <unistd.h>

#include "agent/origin.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void is(const char *cgroup, const char *unit, const char *container)
{
	struct origin origin = { 0 };

	origin_parse_cgroup(view_of(cgroup), &origin);
	assert_string_equal(origin.unit, unit);
	assert_string_equal(origin.container, container);
}

static void cgroups_name_units_and_containers(void **state)
{
	is("0::/system.slice/nginx.service\n", "nginx.service", "");
	is("0::/\n", "", "");
	is("", "", "");
	is("nonsense", "", "");
	is("0::/user.slice/user-0.slice/session-1.scope\n", "", "");
	is("0::/system.slice/docker-" ID ".scope\n", "", "0123456789ab");
	is("0::/kubepods/burstable/podcafe/" ID "\n", "", "0123456789ab");
	is("0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID ".scope\n", "",
		"0123456789ab");
	is("12:cpu,cpuacct:/system.slice/shop.service\n1:name=systemd:/system.slice/shop.service\n",
		"shop.service", "");
	is("0::/system.slice/containerd.service/" ID "\n", "containerd.service", "0123456789ab");
}

static struct view service(const char *unit, const char *exe)
{
	static struct origin origin;

	origin = (struct origin){ 0 };
	strncpy(origin.unit, unit, sizeof(origin.unit) - 1);
	strncpy(origin.exe, exe, sizeof(origin.exe) - 1);
	return origin_service(&origin);
}

static void a_service_is_its_unit_or_its_file(void **state)
{
	assert_view_equal(service("nginx.service", "/usr/sbin/nginx"), "nginx");
	assert_view_equal(service("user@1000.service", "/usr/bin/vim"), "vim");
	assert_view_equal(service("", "/usr/bin/python3.11"), "python3.11");
	assert_view_equal(service("", ""), "kernel");
	assert_view_equal(service("", "/"), "/");
}

static void we_are_ourselves(void **state)
{
	struct origin origin;

	assert_int_equal(origin_read(getpid(), &origin, NULL), 0);
	assert_int_equal(origin.pid, getpid());
	assert_true(origin.start_ticks > 0);
	assert_string_equal(origin.comm, "test_origin");
	assert_view_equal(origin_service(&origin), "test_origin");
	assert_int_equal(origin_read(0x3ffffff, &origin, NULL), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cgroups_name_units_and_containers),
		cmocka_unit_test(a_service_is_its_unit_or_its_file),
		cmocka_unit_test(we_are_ourselves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
