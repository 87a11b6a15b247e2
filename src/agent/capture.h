/*
 * capture: how the sampling itself went, as a profile: what became of every sample and how busy
 * the machine was. Its stacks are the words of the accounting ("truncated" above "depth"), its
 * values are counts of samples, so that whoever keeps profiles keeps this too.
 */
#ifndef AGENT_CAPTURE_H
#define AGENT_CAPTURE_H

#include "model/profile.h"

#define CAPTURE_NAME "capture" /* of such profiles */

/* Of the window `whole`. NULL without memory; owned by the caller. */
struct profile *capture_profile(const struct profile *whole);

#endif
