/* stackbounds: where a thread's own stack lies. */
#include "inproc/stackbounds.h"

#include <pthread.h>

#include "proc/maps.h"

bool stackbounds_of_self(struct stackbounds *ret)
{
	pthread_attr_t attributes;
	void *low;
	size_t size;
	bool ok;

	if (pthread_getattr_np(pthread_self(), &attributes) != 0)
		return false;
	ok = pthread_attr_getstack(&attributes, &low, &size) == 0;
	pthread_attr_destroy(&attributes);
	*ret = (struct stackbounds){ (uint64_t)low, (uint64_t)low + size };
	return ok;
}

bool stackbounds_find(struct view maps, uint64_t sp, uint64_t block, struct stackbounds *ret)
{
	struct maps_line line;

	while (maps_next(&maps, &line)) {
		if (sp < line.start || sp >= line.end)
			continue;
		*ret = (struct stackbounds){ line.start, line.end };
		if (view_equal(line.path, VIEW("[stack]")))
			return true;
		if (block <= sp || block >= line.end)
			return false;
		ret->high = block;
		return true;
	}
	return false;
}
