/* bpf_skeleton: what bpftool makes of the program: its bytes, and its maps by name. */
#ifndef SAMPLER_BPF_SKELETON_H
#define SAMPLER_BPF_SKELETON_H

#include <stdint.h>

/* It uses the short names. */
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
#include "sample.skel.h"

#endif
