/*
 * sig_ask: asks a thread for its stack, by a signal that it answers itself.
 *
 * The signal is that of sig_cpu, sent by rt_tgsigqueueinfo as if a timer had; its value names a
 * slot and the number of the question, so that a late answer, or somebody else's signal, is told
 * apart. A slot:
 *
 *     FREE --(engine)--> ASKED --(handler)--> ANSWERING --> ANSWERED --(engine)--> FREE
 *                          `----(engine gives up)----> FREE
 */
#ifndef INPROC_SIG_ASK_H
#define INPROC_SIG_ASK_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "inproc/sig_sample.h"

#define SIG_ASK_SLOTS 64

struct sig_ask_answer {
	uint64_t sp, fp; /* of the interrupted thread */
	union sig_sample_room room;
};

/* Sends the question; the slot, or -1 if all are taken or the thread is gone. One thread only, as
 * for all but the handler. */
int sig_ask_send(pid_t tid, int signal_number);

/* The answer, if it is there; good until sig_ask_free. */
const struct sig_ask_answer *sig_ask_look(int slot);

/* Done with it, or no longer interested. False if the handler is writing just now: try later. */
bool sig_ask_free(int slot);

void sig_ask_after_fork(void);

/* From the handler of the signal. Async-signal-safe. */
bool sig_ask_is_ours(const siginfo_t *info);
void sig_ask_handle(const siginfo_t *info, const void *context);

#endif
