/* bpf_core_read: on the host every offset is right. */
#ifndef SHIM_BPF_CORE_READ_H
#define SHIM_BPF_CORE_READ_H
#endif
