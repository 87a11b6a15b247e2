/* brief_btf: of the kernel's types, only what a BPF program of ours reads. */
#include "sampler/brief_btf.h"

#include <bpf/btf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NESTED_MAX 8 /* structs within structs */

struct brief {
	const struct btf *wanted, *kernel;
	struct btf *made;
	int *done; /* by the kernel's id: ours */
};

/* A member of a struct of the kernel's, also inside structs and unions without a name. */
static const struct btf_member *find_member(const struct btf *kernel, const struct btf_type *type,
	const char *name, uint32_t *bit, int depth)
{
	const struct btf_member *members = btf_members(type);

	for (unsigned i = 0; i < btf_vlen(type) && depth < NESTED_MAX; i++) {
		const struct btf_type *inner = btf__type_by_id(kernel, members[i].type);
		const struct btf_member *found = NULL;
		uint32_t at = btf_member_bit_offset(type, i);

		if (members[i].name_off) {
			if (!strcmp(btf__name_by_offset(kernel, members[i].name_off), name))
				found = &members[i];
		} else if (inner && btf_is_composite(inner)) {
			uint32_t further = 0;

			found = find_member(kernel, inner, name, &further, depth + 1);
			at += further;
		}
		if (found) {
			*bit = at;
			return found;
		}
	}
	return NULL;
}

static int add_struct(struct brief *brief, int wanted_id, int kernel_id, int depth);

/* Our number for a member's type, as far as relocation looks at it; 0 for what it cannot use. */
static int add_type(struct brief *brief, uint32_t wanted_id, uint32_t kernel_id, int depth)
{
	int from = btf__resolve_type(brief->wanted, wanted_id);
	int to = btf__resolve_type(brief->kernel, kernel_id), element;
	const struct btf_type *type = to < 0 ? NULL : btf__type_by_id(brief->kernel, (uint32_t)to);
	const struct btf_type *like =
		from < 0 ? NULL : btf__type_by_id(brief->wanted, (uint32_t)from);

	if (!type || !like || btf_kind(type) != btf_kind(like) || depth == NESTED_MAX)
		return 0;
	switch (btf_kind(type)) {
	case BTF_KIND_INT:
		return btf__add_int(brief->made, btf__name_by_offset(brief->kernel, type->name_off),
			type->size, btf_int_encoding(type));
	case BTF_KIND_PTR:
		return btf__add_ptr(brief->made, 0);
	case BTF_KIND_ARRAY:
		element = add_type(brief, btf_array(like)->type, btf_array(type)->type, depth + 1);
		return element <= 0 ? element
				    : btf__add_array(brief->made, element, element,
					      (int)btf_array(type)->nelems);
	case BTF_KIND_STRUCT:
		return add_struct(brief, from, to, depth + 1);
	default:
		return 0;
	}
}

struct field {
	const char *name;
	int type;
	uint32_t bit;
};

/* A type is complete before the next begins, so those of the members come first. */
static int add_fields(struct brief *brief, const struct btf_type *wanted,
	const struct btf_type *type, struct field *fields, int depth)
{
	const struct btf_member *members = btf_members(wanted);
	int n = 0;

	for (unsigned i = 0; i < btf_vlen(wanted); i++) {
		const char *name = btf__name_by_offset(brief->wanted, members[i].name_off);
		struct field field = { .name = name };
		const struct btf_member *found =
			find_member(brief->kernel, type, name, &field.bit, 0);

		field.type = found ? add_type(brief, members[i].type, found->type, depth) : 0;
		if (field.type < 0)
			return field.type;
		if (field.type > 0)
			fields[n++] = field;
	}
	return n;
}

static int add_struct(struct brief *brief, int wanted_id, int kernel_id, int depth)
{
	const struct btf_type *wanted = btf__type_by_id(brief->wanted, (uint32_t)wanted_id);
	const struct btf_type *type = btf__type_by_id(brief->kernel, (uint32_t)kernel_id);
	struct field *fields;
	int id, n, rc = 0;

	if (brief->done[kernel_id])
		return brief->done[kernel_id];
	fields = calloc(btf_vlen(wanted) + 1u, sizeof(*fields));
	n = fields ? add_fields(brief, wanted, type, fields, depth) : -1;
	id = n < 0 ? n
		   : btf__add_struct(brief->made,
			     btf__name_by_offset(brief->kernel, type->name_off), type->size);
	for (int i = 0; i < n && id > 0 && rc == 0; i++)
		rc = btf__add_field(brief->made, fields[i].name, fields[i].type, fields[i].bit, 0);
	free(fields);
	brief->done[kernel_id] = id;
	return rc < 0 ? rc : id;
}

int brief_btf_make(
	const struct btf *wanted, const struct btf *kernel, struct btf **ret, struct err *err)
{
	struct brief brief = { .wanted = wanted, .kernel = kernel, .made = btf__new_empty() };
	int rc = 0;

	brief.done = calloc(btf__type_cnt(kernel), sizeof(*brief.done));
	for (uint32_t id = 1; brief.made && brief.done && id < btf__type_cnt(wanted) && rc >= 0;
		id++) {
		const struct btf_type *type = btf__type_by_id(wanted, id);
		const char *name = btf__name_by_offset(wanted, type->name_off);
		int theirs = btf_is_struct(type) && name && *name
				     ? btf__find_by_name_kind(kernel, name, BTF_KIND_STRUCT)
				     : -1;

		if (theirs > 0)
			rc = add_struct(&brief, (int)id, theirs, 0);
	}
	if (!brief.made || !brief.done || rc < 0) {
		btf__free(brief.made);
		rc = err_set(err, ERR_NOMEM, "out of memory for the kernel's types");
	} else {
		*ret = brief.made;
		rc = 0;
	}
	free(brief.done);
	return rc;
}
