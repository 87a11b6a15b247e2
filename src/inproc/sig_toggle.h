/*
 * sig_toggle: a signal that starts and stops a profile. The handler only counts.
 */
#ifndef INPROC_SIG_TOGGLE_H
#define INPROC_SIG_TOGGLE_H

#include <semaphore.h>

extern sem_t sig_toggle_count; /* to be waited for; sem_init it first */

void sig_toggle_handle(int number);

#endif
