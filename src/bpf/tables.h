/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* tables: the walker's tables as BPF maps, and the walker on top of them. */
#ifndef BPF_TABLES_H
#define BPF_TABLES_H

#include "bpf/unwind_abi.h"

struct unwind_walk;

/* User space writes these through its own mapping of their memory. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, struct unwind_mapping);
} mappings SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, UNWIND_PAGES_MAX);
	__type(key, __u32);
	__type(value, struct unwind_page);
} pages SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, UNWIND_RULES_MAX);
	__type(key, __u32);
	__type(value, struct unwind_rule);
} rules SEC(".maps");

struct shard {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, UNWIND_SHARD_ROWS * sizeof(struct unwind_row));
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, UNWIND_SHARDS_MAX);
	__type(key, __u32);
	__array(values, struct shard);
} shards SEC(".maps");

static __always_inline int unwind_read(struct unwind_walk *w, __u64 address, void *into, __u32 size)
{
	return bpf_probe_read_user(into, size, (void *)address) ? UNWIND_MEMORY : 0;
}

static __always_inline const struct unwind_mapping *unwind_mapping_at(
	struct unwind_walk *w, __u32 index)
{
	return bpf_map_lookup_elem(&mappings, &index);
}

static __always_inline const struct unwind_page *unwind_page_at(struct unwind_walk *w, __u32 index)
{
	return bpf_map_lookup_elem(&pages, &index);
}

static __always_inline const struct unwind_rule *unwind_rule_at(struct unwind_walk *w, __u32 index)
{
	return bpf_map_lookup_elem(&rules, &index);
}

static __always_inline const struct unwind_row *unwind_shard_at(struct unwind_walk *w, __u32 index)
{
	void *shard = bpf_map_lookup_elem(&shards, &index);
	__u32 zero = 0;

	return shard ? bpf_map_lookup_elem(shard, &zero) : 0;
}

#include "bpf/walk.h"

#endif
