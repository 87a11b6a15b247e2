/* test_demangle: from a linker's name to the one in the source. */
#include "programs.h"

#include "symbol/demangle.h"

static void assert_name(const char *mangled, const char *name)
{
	BUF_AUTO out = { 0 };

	demangle(view_of(mangled), &out);
	assert_view_equal(buf_view(&out), name);
}

static void cplusplus_names_lose_parameters_and_keep_templates(void **state)
{
	assert_name("_ZNSt6vectorIiSaIiEE9push_backEOi",
		"std::vector<int, std::allocator<int> >::push_back");
	assert_name("_Z3barIiEiT_", "bar<int>");
	assert_name("_ZNK3FooclEv", "Foo::operator()");
	assert_name("_ZZ3fooiENKUlvE_clEv", "foo(int)::{lambda()#1}::operator()");
	assert_name("_ZN12_GLOBAL__N_13bazEv", "(anonymous namespace)::baz");
	assert_name("_ZThn8_N3Foo3barEv", "non-virtual thunk to Foo::bar()");
}

static void rust_names_lose_their_hash(void **state)
{
	assert_name("_ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write");
	assert_name("_ZN58_$LT$alloc..string..String$u20$as$u20$core..fmt..Debug$GT$"
		    "3fmt17h0123456789abcdefE",
		"<alloc::string::String as core::fmt::Debug>::fmt");
	assert_name("_RINvCs6GmmlP4bgsG_1r3genNtB2_1SEB2_", "r::gen::<r::S>");
	assert_name("_RINvNtC3std3mem8align_ofjE", "std::mem::align_of::<usize>");
	assert_name("_RNvC6_123foo3bar", "123foo::bar");
}

static void a_clone_has_the_name_of_its_function(void **state)
{
	assert_name("_Z3foov.cold", "foo");
	assert_name("_ZNK3FooclEv.part.0", "Foo::operator()");
	assert_name("work.isra.0.cold", "work");
	assert_name("work.constprop.12", "work");
	assert_name("work.llvm.123456", "work");
	assert_name("counter.0", "counter.0");
	assert_name("main.main.func1", "main.main.func1");
	assert_name("..cold", ".");
}

static void versions_go_and_plt_stays(void **state)
{
	assert_name("memcpy@@GLIBC_2.14", "memcpy");
	assert_name("malloc@plt", "malloc@plt");
	assert_name("_ZNSt6vectorIiSaIiEE9push_backEOi@plt",
		"std::vector<int, std::allocator<int> >::push_back@plt");
}

static void what_is_not_mangled_stays_as_it_is(void **state)
{
	assert_name("", "");
	assert_name("main", "main");
	assert_name("_Z", "_Z");
	assert_name("_Znonsense", "_Znonsense");
	assert_name("_R", "_R");
	assert_name("name with spaces\x1b[31m", "name with spaces\x1b[31m");
}

/* Each substitution doubles what the name stands for: 40 of them would fill a terabyte. */
static void a_name_that_unfolds_without_end_stays_mangled(void **state)
{
	BUF_AUTO name = { 0 };
	BUF_AUTO out = { 0 };

	/* f<A<x, x>> with x the whole before: S0_ is the last but one */
	buf_add_text(&name, "_Z1fI1AIiiES_IS0_S0_ES_IS1_S1_ES_IS2_S2_ES_IS3_S3_ES_IS4_S4_ES_IS5_S5_"
			    "ES_IS6_S6_ES_IS7_S7_ES_IS8_S8_ES_IS9_S9_ES_ISA_SA_ES_ISB_SB_ES_ISC_SC_"
			    "ES_ISD_SD_ES_ISE_SE_ES_ISF_SF_ES_ISG_SG_ES_ISH_SH_ES_ISI_SI_ES_ISJ_SJ_"
			    "ES_ISK_SK_ES_ISL_SL_ES_ISM_SM_ES_ISN_SN_ES_ISO_SO_ES_ISP_SP_EEvv");
	demangle(buf_view(&name), &out);
	assert_true(out.len <= DEMANGLE_OUTPUT_MAX);
	assert_true(view_equal(buf_view(&out), buf_view(&name)));
}

static void a_name_past_the_limit_stays_mangled(void **state)
{
	char name[DEMANGLE_INPUT_MAX + 100];
	BUF_AUTO out = { 0 };
	int len = snprintf(name, sizeof(name), "_Z%d", DEMANGLE_INPUT_MAX);

	memset(name + len, 'x', DEMANGLE_INPUT_MAX);
	memcpy(name + len + DEMANGLE_INPUT_MAX, "v", 2);
	demangle(view_of(name), &out);
	assert_view_equal(buf_view(&out), name);
}

static void the_cplusplus_library_reads_as_with_cxxfilt(void **state)
{
	const char *list =
		"nm -D --defined-only /usr/lib/x86_64-linux-gnu/libstdc++.so.6 2>/dev/null"
		" | awk '$2 ~ /[TW]/ { sub(/@.*/, \"\", $3); print $3 }' | grep ^_Z | head -2000";
	BUF_AUTO names = { 0 };
	BUF_AUTO oracle = { 0 };
	struct view left, right;
	bool more = true;
	char command[1024];
	int n = 0;

	PROGRAMS_NEED("c++filt");
	programs_output(list, &names);
	snprintf(command, sizeof(command), "%s | c++filt --no-params --no-verbose", list);
	programs_output(command, &oracle);
	left = buf_view(&names);
	right = buf_view(&oracle);
	while (more && left.len) {
		BUF_AUTO out = { 0 };
		struct view name = view_take(&left, '\n', &more);
		struct view wanted = view_take(&right, '\n', &more);

		demangle(name, &out);
		assert_int_equal(out.len, wanted.len);
		assert_memory_equal(out.at, wanted.at, wanted.len);
		n++;
	}
	assert_true(n > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cplusplus_names_lose_parameters_and_keep_templates),
		cmocka_unit_test(rust_names_lose_their_hash),
		cmocka_unit_test(a_clone_has_the_name_of_its_function),
		cmocka_unit_test(versions_go_and_plt_stays),
		cmocka_unit_test(what_is_not_mangled_stays_as_it_is),
		cmocka_unit_test(a_name_that_unfolds_without_end_stays_mangled),
		cmocka_unit_test(a_name_past_the_limit_stays_mangled),
		cmocka_unit_test(the_cplusplus_library_reads_as_with_cxxfilt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
