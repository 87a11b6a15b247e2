/* bpf_none: what a build without BPF programs has in place of bpf_side. */
#include "sampler/bpf_side.h"

int bpf_side_open(struct bpf_side *side, const struct bpf_side_options *options, struct err *err)
{
	*side = (struct bpf_side){ 0 };
	return err_set(err, ERR_UNSUPPORTED, "this build has no BPF programs");
}

void bpf_side_close(struct bpf_side *side)
{
	*side = (struct bpf_side){ 0 };
}

int bpf_side_start(struct bpf_side *side, const struct bpf_side_options *options, struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED, "this build has no BPF programs");
}

struct unwind_space_memory bpf_side_memory(struct bpf_side *side)
{
	return (struct unwind_space_memory){ .owner = side };
}

int bpf_side_target(struct bpf_side *side, pid_t pid, struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED, "this build has no BPF programs");
}

int bpf_side_show(struct bpf_side *side, pid_t pid, const struct unwind_process *process)
{
	return ERR_UNSUPPORTED;
}

void bpf_side_hide(struct bpf_side *side, pid_t pid, bool target_too)
{
}

bool bpf_side_shown(const struct bpf_side *side, pid_t pid, struct unwind_process *ret)
{
	return false;
}

int bpf_side_correlate(struct bpf_side *side, pid_t pid, const struct sample_context_place *place)
{
	return ERR_UNSUPPORTED;
}

int bpf_side_ring_fd(const struct bpf_side *side)
{
	return -1;
}

int bpf_side_counters(const struct bpf_side *side, struct sample_counters *ret, struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED, "this build has no BPF programs");
}

size_t bpf_side_kernel_bytes(const struct bpf_side *side)
{
	return 0;
}

unsigned bpf_side_verified(const struct bpf_side *side)
{
	return 0;
}
