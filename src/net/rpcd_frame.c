/* rpcd_frame: how gRPC has messages and sentences on the wire of HTTP/2. */
#include "net/rpcd_frame.h"

#include <stdint.h>

bool rpcd_frame_read(struct view bytes, struct rpcd_frame *ret, bool *ret_wrong)
{
	const uint8_t *at = (const uint8_t *)bytes.at;

	*ret_wrong = bytes.len && at[0] > 1;
	if (*ret_wrong || bytes.len < RPCD_FRAME_PREFIX)
		return false;
	ret->packed = at[0];
	ret->len = (size_t)at[1] << 24 | (size_t)at[2] << 16 | (size_t)at[3] << 8 | at[4];
	return true;
}

void rpcd_frame_put(struct view message, struct buf *out)
{
	const uint32_t len = (uint32_t)message.len;
	const uint8_t prefix[RPCD_FRAME_PREFIX] = { 0, (uint8_t)(len >> 24), (uint8_t)(len >> 16),
		(uint8_t)(len >> 8), (uint8_t)len };

	buf_add(out, prefix, sizeof(prefix));
	buf_add_view(out, message);
}

void rpcd_frame_put_sentence(struct view sentence, struct buf *out)
{
	for (size_t i = 0; i < sentence.len; i++) {
		uint8_t c = (uint8_t)sentence.at[i];

		if (c >= ' ' && c <= '~' && c != '%')
			buf_add_char(out, (char)c);
		else
			buf_add_format(out, "%%%02X", c);
	}
}
