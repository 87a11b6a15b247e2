/* test_store_mem: the store in memory does what every store does. */
#include "testing.h"

#include "store/conformance.h"
#include "store/store_mem.h"

static struct store *open_mem(void)
{
	struct store *store;

	assert_int_equal(store_mem_open(&store, NULL), 0);
	return store;
}

int main(void)
{
	return conformance_run(open_mem);
}
