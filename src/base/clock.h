/* clock: the two clocks we use, in nanoseconds. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

uint64_t clock_monotonic_ns(void);   /* CLOCK_MONOTONIC, the clock of BPF and perf records */
uint64_t clock_realtime_ns(void);    /* since 1970 */
uint64_t clock_process_cpu_ns(void); /* user + system time of this process */

#endif
