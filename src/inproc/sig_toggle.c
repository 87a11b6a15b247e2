/* sig_toggle: a signal that starts and stops a profile. */
#include "inproc/sig_toggle.h"

#include <errno.h>

sem_t sig_toggle_count;

void sig_toggle_handle(int number)
{
	int saved = errno;

	(void)number;
	sem_post(&sig_toggle_count);
	errno = saved;
}
