/* bpf_program: the program that samples, taken by the kernel. */
#include "sampler/bpf_program.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "sampler/bpf_skeleton.h"
#include "sampler/kernel_types.h"

/* This floor never prints; what matters is in the error. */
static int be_silent(enum libbpf_print_level level, const char *format, va_list args)
{
	return 0;
}

/* Descriptor of a file of the kernel's types that libbpf reads in the place of all of them, or -1.
 */
static int open_types(struct symcache *cache)
{
	struct view program;

	program.at = sample_bpf__elf_bytes(&program.len);
	return cache ? kernel_types_open(cache, program, NULL) : -1;
}

static int explained(int rc, struct err *err)
{
	if (rc == -EPERM || rc == -EACCES)
		return err_set(err, ERR_DENIED,
			"the kernel refused the BPF program: it needs the capabilities CAP_BPF and "
			"CAP_PERFMON (or root)");
	if (rc == -ENOENT || rc == -ESRCH)
		return err_set(err, ERR_UNSUPPORTED,
			"the kernel has no type information (/sys/kernel/btf/vmlinux): it must be "
			"built with CONFIG_DEBUG_INFO_BTF");
	return rc < 0 ? err_errno(err, -rc, "the kernel refused the BPF program") : 0;
}

static struct sample_bpf *open_skeleton(int types)
{
	LIBBPF_OPTS(bpf_object_open_opts, options);
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", types);
	options.btf_custom_path = types < 0 ? NULL : path;
	return sample_bpf__open_opts(&options);
}

static void configure(struct sample_bpf *skeleton, const struct bpf_program_options *options)
{
	skeleton->rodata->whole_host = options->whole_host;
	skeleton->rodata->with_kernel = !options->no_kernel;
	skeleton->rodata->period_ns = options->period_ns;
	skeleton->rodata->ring_bytes = options->ring_bytes;
	bpf_map__set_max_entries(skeleton->maps.samples, (u32)options->ring_bytes);
	bpf_map__set_max_entries(skeleton->maps.scratches, options->n_cpus);
}

int bpf_program_load(
	const struct bpf_program_options *options, struct sample_bpf **ret, struct err *err)
{
	struct sample_bpf *skeleton;
	int types, rc;

	libbpf_set_print(be_silent);
	types = open_types(options->cache);
	skeleton = open_skeleton(types);
	if (skeleton) {
		configure(skeleton, options);
		rc = explained(sample_bpf__load(skeleton), err);
	} else {
		rc = err_errno(err, errno, "cannot open the BPF program");
	}
	if (types >= 0)
		close(types);
	if (rc < 0)
		sample_bpf__destroy(skeleton);
	else
		*ret = skeleton;
	return rc;
}
