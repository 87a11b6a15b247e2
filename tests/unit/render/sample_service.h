/* sample_service: a small profile with a label, a recursion and a hostile name, for text views. */
#ifndef SAMPLE_SERVICE_H
#define SAMPLE_SERVICE_H

#include "model/profile.h"

static inline uint32_t service_push(struct profile *p, uint32_t stack, const char *name)
{
	return profile_push(p, stack, profile_named(p, view_of(name)));
}

/* 1000 ms: main → search → search → regcomp 600, main → search 300 (job=nightly), "e\033vil" 96,
 * and tiny 4. */
static inline struct profile *service_profile(void)
{
	struct profile *p = profile_new();
	uint32_t main_ = service_push(p, STACK_EMPTY, "main");
	uint32_t search = service_push(p, main_, "search");
	uint32_t deep = service_push(p, service_push(p, search, "search"), "regcomp");
	struct label job = { profile_string(p, VIEW("job")), profile_string(p, VIEW("nightly")), 0,
		0 };

	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	profile_add(p, deep, 0, (int64_t[]){ 600000000 });
	profile_add(p, search, profile_labels(p, &job, 1), (int64_t[]){ 300000000 });
	profile_add(p, service_push(p, main_, "e\033vil"), 0, (int64_t[]){ 96000000 });
	profile_add(p, service_push(p, main_, "tiny"), 0, (int64_t[]){ 4000000 });
	return p;
}

#endif
