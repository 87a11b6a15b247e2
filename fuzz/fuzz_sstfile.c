/* fuzz_sstfile: any bytes as a table of RocksDB's, with right checksums or without. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/sstfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void read_all(const struct sstfile *file, bool of_ranges)
{
	struct sstfile_cursor cursor = { .file = file, .of_ranges = of_ranges };

	for (int i = 0; i < 100000 && sstfile_next(&cursor);)
		i++;
	sstfile_cursor_fini(&cursor);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	int fd = memfd_create("table", 0);
	struct sstfile file;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		return 0;
	if (sstfile_open(&file, path, 0, NULL) == 0) {
		read_all(&file, false);
		read_all(&file, true);
	}
	sstfile_close(&file);
	close(fd);
	return 0;
}
