/* frame_names: a profile's stacks as stacks of names, for the formats that have only names. */
#include "codec/frame_names.h"

#include <stdlib.h>

#include "base/buf.h"

/* A location can stand for thousands of inlined functions: this bounds what that unfolds to. */
#define FRAME_NAMES_MAX ((size_t)64 << 20)

struct namer {
	struct frame_names *f;
	const struct profile *profile;
	frame_names_clean *clean;
	struct buf text;       /* owned; scratch */
	uint32_t *of_string;   /* owned; a string of the profile -> a name plus one, 0 = unknown */
	uint32_t *of_location; /* owned; the same for locations without a function */
};

static struct view base_name(struct view path)
{
	const char *slash = path.len ? memrchr(path.at, '/', path.len) : NULL;

	return slash ? view_between(slash + 1, view_end(path)) : path;
}

static uint32_t clean_name(struct namer *n, struct view name)
{
	buf_clear(&n->text);
	n->clean(name, &n->text);
	if (n->text.failed)
		return STRINGS_NONE;
	return strings_add(&n->f->names, buf_view(&n->text));
}

static uint32_t name_of_string(struct namer *n, uint32_t string)
{
	if (!n->of_string[string]) {
		uint32_t name = clean_name(n, profile_text(n->profile, string));

		if (name == STRINGS_NONE)
			return STRINGS_NONE;
		n->of_string[string] = name + 1;
	}
	return n->of_string[string] - 1;
}

void frame_names_address(const struct profile *profile, uint32_t id, struct buf *out)
{
	const struct location *location = &profile->locations[id];
	const struct mapping *mapping = &profile->mappings[location->mapping];
	struct view file = base_name(profile_text(profile, mapping->file));
	uint64_t address = location->address;

	if (file.len) {
		buf_add_view(out, file);
		buf_add_char(out, '+');
		address += mapping->offset - mapping->start;
	}
	buf_add_format(out, "0x%llx", (unsigned long long)address);
}

static uint32_t name_of_address(struct namer *n, uint32_t id)
{
	BUF_AUTO name = { 0 };

	if (n->of_location[id])
		return n->of_location[id] - 1;
	frame_names_address(n->profile, id, &name);
	if (!name.failed)
		n->of_location[id] = clean_name(n, buf_view(&name)) + 1;
	return n->of_location[id] - 1;
}

static uint32_t push(struct namer *n, uint32_t stack, uint32_t name)
{
	if (stack == STACK_NONE || name == STRINGS_NONE)
		return STACK_NONE;
	return stacks_push(&n->f->stacks, stack, name);
}

/* The frames of one location: the caller, which is its last line, is nearest to the root. */
static uint32_t push_location(struct namer *n, uint32_t stack, uint32_t id)
{
	const struct location *location = &n->profile->locations[id];

	if (location->n_lines == 0)
		return push(n, stack, name_of_address(n, id));
	for (uint32_t i = location->n_lines; i > 0; i--) {
		const struct line *line = &n->profile->lines[location->first_line + i - 1];
		const struct function *function = &n->profile->functions[line->function];

		stack = push(n, stack,
			name_of_string(n, function->name ? function->name : function->system_name));
	}
	return stack;
}

static int name_all(struct namer *n, struct err *err)
{
	const struct stacks *from = &n->profile->stacks;

	n->f->of_stack[STACK_EMPTY] = STACK_EMPTY;
	/* A parent's id is lower than its children's. */
	for (size_t i = 1; i < from->count; i++) {
		uint32_t parent = n->f->of_stack[from->nodes[i].parent];

		n->f->of_stack[i] = push_location(n, parent, from->nodes[i].location);
		if (n->f->of_stack[i] == STACK_NONE)
			return err_set(err, ERR_NOMEM, "out of memory");
		if (n->f->stacks.count > FRAME_NAMES_MAX)
			return err_set(err, ERR_LIMIT,
				"more than %zu frames once inlined functions are written out",
				FRAME_NAMES_MAX);
	}
	return 0;
}

int frame_names_init(struct frame_names *f, const struct profile *profile, frame_names_clean *clean,
	struct err *err)
{
	struct namer n = { .f = f, .profile = profile, .clean = clean };
	int rc;

	*f = (struct frame_names){ 0 };
	n.of_string = calloc(profile->strings.count + 1, sizeof(*n.of_string));
	n.of_location = calloc(profile->n_locations + 1, sizeof(*n.of_location));
	f->of_stack = calloc(profile->stacks.count + 1, sizeof(*f->of_stack));
	if (n.of_string && n.of_location && f->of_stack)
		rc = name_all(&n, err);
	else
		rc = err_set(err, ERR_NOMEM, "out of memory");
	free(n.of_string);
	free(n.of_location);
	buf_fini(&n.text);
	return rc;
}

void frame_names_fini(struct frame_names *f)
{
	strings_fini(&f->names);
	stacks_fini(&f->stacks);
	free(f->of_stack);
	*f = (struct frame_names){ 0 };
}
