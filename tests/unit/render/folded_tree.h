/* folded_tree: profiles and trees from folded text, for tests. */
#ifndef FOLDED_TREE_H
#define FOLDED_TREE_H

#include "model/profile.h"
#include "model/tree.h"

/* Lines "a;b;c 12", as the format's own tests have it; written out here to need no codec. */
static inline struct profile *folded_profile(const char *text)
{
	struct profile *profile = profile_new();
	struct view rest = view_of(text);
	bool more = true;

	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	while (more) {
		struct view line = view_take(&rest, '\n', &more), frames;
		const char *space = line.len ? memrchr(line.at, ' ', line.len) : NULL;
		uint32_t stack = STACK_EMPTY;
		bool more_frames = true;
		uint64_t count = 0;

		if (!space)
			continue;
		frames = view_between(line.at, space);
		view_to_u64(view_between(space + 1, view_end(line)), &count);
		while (more_frames)
			stack = profile_push(profile, stack,
				profile_named(profile, view_take(&frames, ';', &more_frames)));
		profile_add(profile, stack, 0, (int64_t[]){ (int64_t)count });
	}
	return profile;
}

static inline struct tree folded_tree(const char *text)
{
	struct profile *profile = folded_profile(text);
	struct tree tree = { 0 };

	tree_build(profile, &(struct tree_options){ .base_type = -1 }, &tree, NULL);
	profile_free(profile);
	return tree;
}

#endif
