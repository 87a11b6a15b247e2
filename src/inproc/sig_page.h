/* sig_page: whether memory is there, asked without touching it. Async-signal-safe. */
#ifndef INPROC_SIG_PAGE_H
#define INPROC_SIG_PAGE_H

#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>

#define SIG_PAGE_NO_SUCH_REQUEST 0x666 /* neither SIG_BLOCK, SIG_UNBLOCK nor SIG_SETMASK */

/* Whether 8 bytes there can be read. Not through the C library: its first call might go through the
 * dynamic linker. The kernel reads them first and then finds that they make no sense: EINVAL; 0 is
 * page 0, and EFAULT no page. */
static inline int sig_page_is_there(uint64_t address)
{
	register long size __asm__("r10") = sizeof(uint64_t);
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(SYS_rt_sigprocmask), "D"(SIG_PAGE_NO_SUCH_REQUEST), "S"(address),
			 "d"(0), "r"(size)
			 : "rcx", "r11", "memory");
	return result == -EINVAL;
}

#endif
