/*
 * main: the example service, or the load on it.
 *
 *     inventory [PORT [THREADS]]               serve on 127.0.0.1; port 0 takes a free one
 *     inventory --load PORT [CONNECTIONS]      ask it, one thing after another
 */
#include "inventory.h"

#include <stdlib.h>
#include <string.h>

static unsigned number(int argc, char **argv, int at, unsigned otherwise)
{
	return at < argc ? (unsigned)strtoul(argv[at], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--load") == 0)
		return make_load(number(argc, argv, 2, 8080), number(argc, argv, 3, 4));
	catalogue_fill();
	return serve(number(argc, argv, 1, 8080), number(argc, argv, 2, 4));
}
