/* test_brief_btf: what is asked for lies where the kernel has it, and nothing else is there. */
#include "testing.h"

#include <bpf/btf.h>
#include <stdint.h>

#include "sampler/brief_btf.h"

/* struct part { unsigned long fs; };  in both, at 0 and at 16 */
static int add_part(struct btf *btf, int word, uint32_t size, uint32_t bit)
{
	int id = btf__add_struct(btf, "part", size);

	assert_int_equal(btf__add_field(btf, "fs", word, bit, 0), 0);
	return id;
}

/* As bpf/kernel.h would have it: members one behind the other. */
static struct btf *make_wanted(void)
{
	struct btf *btf = btf__new_empty();
	int word = btf__add_int(btf, "unsigned long", 8, 0), byte = btf__add_int(btf, "char", 1, 0);
	int text = btf__add_array(btf, word, byte, 16), pointer = btf__add_ptr(btf, 0);
	int part = add_part(btf, word, 8, 0);

	btf__add_struct(btf, "task", 56);
	btf__add_field(btf, "cs", word, 0, 0);
	btf__add_field(btf, "comm", text, 64, 0);
	btf__add_field(btf, "mm", pointer, 192, 0);
	btf__add_field(btf, "part", part, 256, 0);
	btf__add_field(btf, "gone", word, 320, 0);
	btf__add_field(btf, "other", pointer, 384, 0);
	btf__add_struct(btf, "ours", 8);
	btf__add_field(btf, "word", word, 0, 0);
	return btf;
}

static struct btf *make_kernel(void)
{
	struct btf *btf = btf__new_empty();
	int word = btf__add_int(btf, "unsigned long", 8, 0), byte = btf__add_int(btf, "char", 1, 0);
	int half = btf__add_int(btf, "short", 2, 0), text = btf__add_array(btf, word, byte, 24);
	int type = btf__add_typedef(btf, "word_t", word), pointer = btf__add_ptr(btf, type);
	int part = add_part(btf, word, 24, 128), both = btf__add_union(btf, NULL, 8), inner;

	btf__add_field(btf, "cs", half, 0, 0);
	btf__add_field(btf, "csx", word, 0, 0);
	inner = btf__add_struct(btf, NULL, 40);
	btf__add_field(btf, NULL, both, 64, 0);
	btf__add_field(btf, "comm", text, 128, 0);
	btf__add_struct(btf, "task", 900);
	btf__add_field(btf, "before", word, 0, 0);
	btf__add_field(btf, NULL, inner, 64, 0);
	btf__add_field(btf, "mm", pointer, 3200, 0);
	btf__add_field(btf, "part", part, 6400, 0);
	btf__add_field(btf, "other", type, 7000, 0); /* not a pointer here */
	return btf;
}

static const struct btf_type *find(const struct btf *btf, const char *name)
{
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);

	return id > 0 ? btf__type_by_id(btf, (uint32_t)id) : NULL;
}

/* Where a member is, in bits, or -1; and its type. */
static int at(const struct btf *btf, const char *in, const char *name, const struct btf_type **ret)
{
	const struct btf_type *type = find(btf, in);

	assert_non_null(type);
	for (unsigned i = 0; i < btf_vlen(type); i++) {
		const struct btf_member *member = btf_members(type) + i;

		if (strcmp(btf__name_by_offset(btf, member->name_off), name) != 0)
			continue;
		*ret = btf__type_by_id(btf, member->type);
		return (int)btf_member_bit_offset(type, i);
	}
	return -1;
}

static void members_lie_where_the_kernel_has_them(void **state)
{
	struct btf *wanted = make_wanted(), *kernel = make_kernel(), *brief;
	const struct btf_type *type;

	assert_int_equal(brief_btf_make(wanted, kernel, &brief, NULL), 0);
	assert_int_equal(find(brief, "task")->size, 900);
	assert_int_equal(at(brief, "task", "cs", &type), 128);
	assert_int_equal(type->size, 2);
	assert_int_equal(at(brief, "task", "comm", &type), 192);
	assert_int_equal(btf_array(type)->nelems, 24);
	assert_int_equal(at(brief, "task", "mm", &type), 3200);
	assert_true(btf_is_ptr(type));
	assert_int_equal(at(brief, "task", "part", &type), 6400);
	assert_ptr_equal(type, find(brief, "part"));
	assert_int_equal(at(brief, "part", "fs", &type), 128);
	assert_int_equal(at(brief, "task", "before", &type), -1);
	assert_int_equal(at(brief, "task", "gone", &type), -1);
	assert_int_equal(at(brief, "task", "other", &type), -1);
	assert_null(find(brief, "ours"));
	btf__free(brief);
	btf__free(kernel);
	btf__free(wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_lie_where_the_kernel_has_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
