/* late: a library is loaded when first called; the stubs' common end. */
#include "base/late.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define STATUS_OF_LD_SO 127

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void say(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return; /* nobody is there to be told */
}

static _Noreturn void give_up(void)
{
	const char *why = dlerror();

	say("flyover: error while loading shared libraries: ");
	say(why ? why : "no reason given");
	say("\n");
	_exit(STATUS_OF_LD_SO);
}

static void fill(struct late *late)
{
	void *library = dlopen(late->soname, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		give_up();
	/* From the end: the first slot tells that all are filled. */
	for (size_t i = late->n; i-- > 0;) {
		void *function = dlsym(library, late->names[i]);

		if (!function)
			give_up();
		__atomic_store_n(&late->slots[i], function, __ATOMIC_RELEASE);
	}
	mprotect(late->slots, late->room,
		PROT_READ); /* as RELRO has it; where it fails, they only stay writable */
}

void late_bind(struct late *late)
{
	pthread_mutex_lock(&lock);
	if (!late->slots[0])
		fill(late);
	pthread_mutex_unlock(&lock);
}

#ifdef __x86_64__
/*
 * late_first: where a stub goes whose slot is empty, with the library in r10 and the slot's address
 * in r11. All registers that can hold an argument (System V ABI for AMD64, 3.2.3; al counts a
 * variadic call's vectors) are as they were when the function itself begins.
 */
__asm__(".text\n"
	".globl late_first\n"
	".hidden late_first\n"
	".type late_first, @function\n"
	"late_first:\n"
	".cfi_startproc\n"
	"	push %r11\n	push %r10\n	push %rax\n	push %rdi\n	push %rsi\n"
	"	push %rdx\n	push %rcx\n	push %r8\n	push %r9\n"
	".cfi_adjust_cfa_offset 72\n"
	"	sub $128, %rsp\n"
	".cfi_adjust_cfa_offset 128\n"
	"	movups %xmm0, (%rsp)\n	movups %xmm1, 16(%rsp)\n"
	"	movups %xmm2, 32(%rsp)\n	movups %xmm3, 48(%rsp)\n"
	"	movups %xmm4, 64(%rsp)\n	movups %xmm5, 80(%rsp)\n"
	"	movups %xmm6, 96(%rsp)\n	movups %xmm7, 112(%rsp)\n"
	"	mov %r10, %rdi\n"
	"	call late_bind\n"
	"	movups (%rsp), %xmm0\n	movups 16(%rsp), %xmm1\n"
	"	movups 32(%rsp), %xmm2\n	movups 48(%rsp), %xmm3\n"
	"	movups 64(%rsp), %xmm4\n	movups 80(%rsp), %xmm5\n"
	"	movups 96(%rsp), %xmm6\n	movups 112(%rsp), %xmm7\n"
	"	add $128, %rsp\n"
	".cfi_adjust_cfa_offset -128\n"
	"	pop %r9\n	pop %r8\n	pop %rcx\n	pop %rdx\n	pop %rsi\n"
	"	pop %rdi\n	pop %rax\n	pop %r10\n	pop %r11\n"
	".cfi_adjust_cfa_offset -72\n"
	"	jmp *(%r11)\n"
	".cfi_endproc\n"
	".size late_first, . - late_first\n");
#endif
