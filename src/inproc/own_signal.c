/* own_signal: takes a signal for a handler of the library's, unless the program has one. */
#include "inproc/own_signal.h"

#include <errno.h>
#include <string.h>

#include "inproc/hook_signal.h"

int own_signal_take(
	int number, own_signal_handler *handler, struct sigaction *ret_before, struct err *err)
{
	struct sigaction action = { .sa_sigaction = handler,
		.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK };

	if (hook_signal_action(number, NULL, ret_before) < 0)
		return err_errno(err, errno, "cannot look at signal %d", number);
	if (ret_before->sa_handler != SIG_DFL && ret_before->sa_handler != SIG_IGN &&
		ret_before->sa_sigaction != handler)
		return err_set(err, ERR_DENIED,
			"this program handles signal %d (%s) itself; choose another one", number,
			sigdescr_np(number));
	/* All of them, libc's own too: a cancellation must not unwind out of the handler. */
	memset(&action.sa_mask, 0xff, sizeof(action.sa_mask));
	if (hook_signal_action(number, &action, NULL) < 0)
		return err_errno(err, errno, "cannot handle signal %d", number);
	return 0;
}

void own_signal_unblock(int number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}
