/* own_token: a token by which a server knows what comes from its own process. */
#include "cli/own_token.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/hash.h"

/* Early in boot there may be no randomness yet. */
void own_token_draw(char ret[OWN_TOKEN_MAX])
{
	uint64_t drawn[2];

	if (getrandom(drawn, sizeof(drawn), 0) != sizeof(drawn)) {
		drawn[0] = hash_secret[0];
		drawn[1] = hash_secret[1] ^ clock_monotonic_ns();
	}
	snprintf(ret, OWN_TOKEN_MAX, "%016llx%016llx", (unsigned long long)drawn[0],
		(unsigned long long)drawn[1]);
}
