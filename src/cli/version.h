/* version: which flyover this is. */
#ifndef CLI_VERSION_H
#define CLI_VERSION_H

/* "0.1.0", or "0.1.0-12-gabcdef0" between releases. */
extern const char *const version_text;

#endif
