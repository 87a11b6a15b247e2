/* preflight: what this machine lets us do, and what to change where it doesn't. */
#include "sampler/preflight.h"

#include <linux/capability.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/disk.h"
#include "proc/procfs.h"

#define INIT_PID_NAMESPACE 0xeffffffcu /* the inode of the first one; the kernel's ABI */

static unsigned version(const char *release)
{
	unsigned major = 0, minor = 0, patch = 0;

	sscanf(release, "%u.%u.%u", &major, &minor, &patch);
	return major << 20 | (minor & 0x3ff) << 10 | (patch & 0x3ff);
}

#define VERSION(major, minor, patch) ((major) << 20 | (minor) << 10 | (patch))

bool preflight_kernel_freezes(const char *release)
{
	unsigned v = version(release);

	if (v < VERSION(5, 19, 0) || v >= VERSION(6, 4, 0))
		return false;
	if (v >= VERSION(6, 1, 36) && v < VERSION(6, 2, 0))
		return false;
	return v < VERSION(6, 3, 10);
}

bool preflight_kernel_new_enough(const char *release)
{
	return version(release) >= VERSION(5, 17, 0);
}

void preflight_upstream(const char *release, const char *version, const char *signature, char *into)
{
	const char *debian = strstr(version, "Debian "), *ubuntu = strrchr(signature, ' ');
	unsigned major;

	if (debian && sscanf(debian, "Debian %u.", &major) == 1)
		release = debian + strlen("Debian ");
	else if (ubuntu && sscanf(ubuntu, " %u.", &major) == 1)
		release = ubuntu + 1;
	snprintf(into, PREFLIGHT_RELEASE_MAX, "%.*s", (int)strcspn(release, " \n"), release);
}

static uint64_t effective_capabilities(void)
{
	BUF_AUTO text = { 0 };
	struct view rest, line, key = VIEW("CapEff:\t");
	uint64_t bits = 0;
	bool more = true;

	if (disk_read("/proc/self/status", 65536, &text, NULL) < 0)
		return 0;
	for (rest = buf_view(&text); more;) {
		line = view_take(&rest, '\n', &more);
		if (view_starts(line, key))
			view_hex_to_u64(view_between(line.at + key.len, view_end(line)), &bits);
	}
	return bits;
}

static bool capable(unsigned capability)
{
	uint64_t bits = effective_capabilities();

	return bits >> capability & 1 || bits >> CAP_SYS_ADMIN & 1;
}

static void say(struct preflight_finding *f, bool ok, const char *meaning, const char *advice)
{
	f->ok = ok;
	snprintf(f->meaning, sizeof(f->meaning), "%s", meaning);
	snprintf(f->advice, sizeof(f->advice), "%s", ok ? "" : advice);
}

static void check_build(struct preflight_finding *f)
{
	f->name = "build";
	f->for_bpf = true;
#ifdef HAVE_BPF
	say(f, true, "this build has the BPF programs", "");
#else
	say(f, false, "this build has no BPF programs",
		"build with clang, bpftool and libbpf installed (meson option bpf)");
#endif
}

static void check_kernel(struct preflight_finding *f)
{
	char text[PREFLIGHT_TEXT_MAX], release[PREFLIGHT_RELEASE_MAX];
	BUF_AUTO signature = { 0 };
	struct utsname name;

	f->name = "kernel";
	f->for_bpf = true;
	uname(&name);
	disk_read("/proc/version_signature", 4096, &signature, NULL);
	buf_add_char(&signature, '\0');
	preflight_upstream(name.release, name.version, signature.at ? signature.at : "", release);
	snprintf(text, sizeof(text), "kernel %s", release);
	if (!preflight_kernel_new_enough(release)) {
		snprintf(text, sizeof(text), "kernel %s is too old for BPF stack walking", release);
		say(f, false, text, "use kernel 5.17 or newer");
	} else if (preflight_kernel_freezes(release)) {
		snprintf(text, sizeof(text),
			"kernel %s can freeze the machine when a BPF program reads user memory",
			release);
		say(f, false, text, "use kernel 6.1.36, 6.3.10, 6.4 or newer");
	} else {
		say(f, true, text, "");
	}
}

static void check_btf(struct preflight_finding *f)
{
	bool ok = access("/sys/kernel/btf/vmlinux", R_OK) == 0;

	f->name = "btf";
	f->for_bpf = true;
	say(f, ok,
		ok ? "the kernel describes its types"
		   : "the kernel does not describe its types: /sys/kernel/btf/vmlinux is missing",
		"use a kernel built with CONFIG_DEBUG_INFO_BTF=y");
}

static void check_capability(
	struct preflight_finding *f, const char *name, unsigned capability, const char *without)
{
	char text[PREFLIGHT_TEXT_MAX], advice[PREFLIGHT_TEXT_MAX];
	bool ok = capable(capability);

	f->name = name;
	snprintf(text, sizeof(text), ok ? "%s is there" : "%s is missing: %s", name, without);
	snprintf(advice, sizeof(advice), "run as root, or give the program %s", name);
	say(f, ok, text, advice);
}

static void check_pid_namespace(struct preflight_finding *f)
{
	struct stat st;
	bool ok = stat("/proc/self/ns/pid", &st) == 0 && st.st_ino == INIT_PID_NAMESPACE;

	f->name = "pid_namespace";
	f->for_bpf = true;
	say(f, ok,
		ok ? "process numbers are the host's"
		   : "this is a container with process numbers of its own; the kernel's are others",
		"run in the host's pid namespace (docker run --pid=host, or hostPID: true)");
}

static void check_paranoid(struct preflight_finding *f)
{
	char text[PREFLIGHT_TEXT_MAX];
	long paranoid;
	bool ok;

	f->name = "perf_event_paranoid";
	f->for_perf = true;
	if (procfs_number("/proc/sys/kernel/perf_event_paranoid", &paranoid, NULL) < 0) {
		say(f, false, "the kernel has no perf events",
			"use a kernel with CONFIG_PERF_EVENTS=y");
		return;
	}
	ok = paranoid <= 2 || capable(CAP_PERFMON);
	snprintf(text, sizeof(text),
		ok ? "kernel.perf_event_paranoid is %ld: your own processes may be sampled"
		   : "kernel.perf_event_paranoid is %ld: nothing may be sampled without "
		     "CAP_PERFMON",
		paranoid);
	say(f, ok, text, "sysctl kernel.perf_event_paranoid=2, or give the program CAP_PERFMON");
}

static void check_kptr(struct preflight_finding *f)
{
	char text[PREFLIGHT_TEXT_MAX];
	long restrict_ = 0;
	bool ok;

	f->name = "kptr_restrict";
	procfs_number("/proc/sys/kernel/kptr_restrict", &restrict_, NULL);
	ok = restrict_ == 0 || (restrict_ == 1 && capable(CAP_SYSLOG));
	snprintf(text, sizeof(text),
		ok ? "kernel.kptr_restrict is %ld: kernel functions have names"
		   : "kernel.kptr_restrict is %ld: kernel functions have no names",
		restrict_);
	say(f, ok, text, "give the program CAP_SYSLOG, or sysctl kernel.kptr_restrict=0");
}

size_t preflight_run(struct preflight_finding findings[PREFLIGHT_FINDINGS_MAX])
{
	static const struct {
		const char *name;
		unsigned capability;
		bool for_bpf;
		const char *without;
	} capabilities[] = {
		{ "CAP_BPF", CAP_BPF, true, "BPF programs cannot be loaded" },
		{ "CAP_PERFMON", CAP_PERFMON, true,
			"other users' processes and the kernel cannot be sampled" },
		{ "CAP_SYS_PTRACE", CAP_SYS_PTRACE, false,
			"the mappings of other users' processes cannot be read" },
		{ "CAP_CHECKPOINT_RESTORE", CAP_CHECKPOINT_RESTORE, false,
			"deleted programs of running processes cannot be opened" },
	};
	size_t n = 0;

	memset(findings, 0, PREFLIGHT_FINDINGS_MAX * sizeof(*findings));
	check_build(&findings[n++]);
	check_kernel(&findings[n++]);
	check_btf(&findings[n++]);
	check_pid_namespace(&findings[n++]);
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++) {
		findings[n].for_bpf = capabilities[i].for_bpf;
		check_capability(&findings[n++], capabilities[i].name, capabilities[i].capability,
			capabilities[i].without);
	}
	check_paranoid(&findings[n++]);
	check_kptr(&findings[n++]);
	return n;
}

int preflight_bpf(struct err *err)
{
	struct preflight_finding findings[PREFLIGHT_FINDINGS_MAX];
	size_t n = preflight_run(findings);

	for (size_t i = 0; i < n; i++) {
		const struct preflight_finding *f = &findings[i];
		bool privilege = strncmp(f->name, "CAP_", 4) == 0;

		if (f->for_bpf && !f->ok)
			return err_set(err, privilege ? ERR_DENIED : ERR_UNSUPPORTED, "%s; %s",
				f->meaning, f->advice);
	}
	return 0;
}
