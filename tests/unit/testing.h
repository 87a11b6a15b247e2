/* testing: cmocka with the headers it forgets to include. */
#ifndef TESTING_H
#define TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define assert_view_equal(seen, text)                             \
	do {                                                      \
		struct view view_ = (seen);                       \
		assert_int_equal(view_.len, strlen(text));        \
		assert_memory_equal(view_.at, (text), view_.len); \
	} while (0)

#endif
