/*
 * main: the example service.
 *
 *     inventory [PORT [THREADS]]     serve on 127.0.0.1; port 0 takes a free one
 */
#include "inventory.h"

#include <stdlib.h>

static unsigned number(int argc, char **argv, int at, unsigned otherwise)
{
	return at < argc ? (unsigned)strtoul(argv[at], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
	catalogue_fill();
	request_init();
	return serve(number(argc, argv, 1, 8080), number(argc, argv, 2, 4));
}
