/* manpage: the tables of commands and options as manual pages (man(7) macros). */
#ifndef CLI_MANPAGE_H
#define CLI_MANPAGE_H

#include <stdio.h>

struct command;

/* flyover(1): the overview. */
void manpage_overview(FILE *out);

/* flyover-NAME(1). */
void manpage_command(const struct command *command, FILE *out);

#endif
