/* bpf_tracing: a tracing program is a plain function on the host. */
#ifndef SHIM_BPF_TRACING_H
#define SHIM_BPF_TRACING_H

#define BPF_PROG(name, args...) name(args)

#endif
