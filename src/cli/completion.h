/* completion: the tables of commands and options as completion scripts for shells. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include <stdio.h>

/* "bash", "zsh", "fish"; NULL-terminated. */
extern const char *const completion_shells[];

/* `shell` is one of the above. */
void completion_write(const char *shell, FILE *out);

#endif
