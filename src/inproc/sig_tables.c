/* sig_tables: the unwind tables that signal handlers and hooks walk by. */
#include "inproc/sig_tables.h"

_Atomic uint32_t sig_tables_unmapped;
static _Atomic(const struct sig_tables *) current;
static _Atomic uint32_t inside;

void sig_tables_set(const struct sig_tables *tables)
{
	atomic_store(&current, tables);
}

int sig_tables_quiet(void)
{
	return atomic_load(&inside) == 0;
}

void sig_tables_after_fork(void)
{
	atomic_store(&inside, 0);
}

const struct sig_tables *sig_tables_enter(void)
{
	atomic_fetch_add(&inside, 1);
	return atomic_load(&current);
}

void sig_tables_leave(void)
{
	atomic_fetch_sub(&inside, 1);
}
