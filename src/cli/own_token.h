/*
 * own_token: a token by which a server knows what comes from its own process.
 */
#ifndef CLI_OWN_TOKEN_H
#define CLI_OWN_TOKEN_H

#define OWN_TOKEN_MAX 33 /* with its NUL */

/* A new one each time, 128 bits, as hex. */
void own_token_draw(char ret[OWN_TOKEN_MAX]);

#endif
