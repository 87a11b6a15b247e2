/* conf_value: numbers with units, as Prometheus' configuration has them. */
#ifndef WIRE_CONF_VALUE_H
#define WIRE_CONF_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/view.h"

/* "1h30m", "500ms", "0"; units y w d h m s ms, each once and falling. False on anything else and on
 * overflow. */
bool conf_duration(struct view text, int64_t *ret_ns);

/* "1024", "64MB", "64MiB", "1.5GB" is none: B KB MB GB TB, all powers of 1024. */
bool conf_size(struct view text, uint64_t *ret_bytes);

/* As the two above read them back. */
void conf_print_duration(struct buf *out, int64_t ns);
void conf_print_size(struct buf *out, uint64_t bytes);

#endif
