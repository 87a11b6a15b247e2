/* crc32c: the checksum of Castagnoli's polynomial, as iSCSI (RFC 3720) and RocksDB's logs have it.
 */
#ifndef BASE_CRC32C_H
#define BASE_CRC32C_H

#include <stdint.h>

#include "base/view.h"

/* Of the bytes that `crc` is of already, 0 for none, and these. */
uint32_t crc32c_add(uint32_t crc, struct view bytes);

#endif
