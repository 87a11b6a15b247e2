/* tls_other: libraries that use the pointer, by either way that is known when a program starts. */
#ifndef TESTS_TLS_OTHER_H
#define TESTS_TLS_OTHER_H

void *tls_other_static(void);
void *tls_other_described(void);

#endif
