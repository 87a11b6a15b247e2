/*
 * drain: everything that has come, in the order in which it happened.
 *
 * First the samples are taken out of the ring, then the events are collected, then every event is
 * applied before the first sample that is later: so a sample meets its process as it was, even if
 * that process has ended since.
 */
#ifndef SAMPLER_DRAIN_H
#define SAMPLER_DRAIN_H

#include "base/err.h"

struct sampler;

/* Ties the table of processes to the kernel's view of them. */
void drain_init(struct sampler *sampler);

int drain_all(struct sampler *sampler, struct err *err);

#endif
