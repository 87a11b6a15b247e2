/* kernel_types: where the running kernel has what our BPF program reads, kept from one start to the
 * next. */
#include "sampler/kernel_types.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/hash.h"
#include "sampler/brief_btf.h"

#define MAGIC "FLYTYPE\x01" /* the last byte is the version */
#define NOTES_FILE "/sys/kernel/notes"
#define NOTES_MAX ((size_t)1 << 20)

struct header {
	char magic[8];
	uint64_t checksum; /* XXH3 of the BTF behind it */
};

int kernel_types_check(struct view kept, struct view *ret_btf, struct err *err)
{
	struct header header;

	if (kept.len < sizeof(header))
		return err_set(err, ERR_CORRUPT, "too short");
	memcpy(&header, kept.at, sizeof(header));
	*ret_btf = (struct view){ kept.at + sizeof(header), kept.len - sizeof(header) };
	if (memcmp(header.magic, MAGIC, sizeof(header.magic)) != 0 ||
		header.checksum != hash_view(*ret_btf))
		return err_set(err, ERR_CORRUPT, "not what was written");
	return 0;
}

/* This build of the kernel, and what is asked of it. */
static int make_key(struct view program, char ret[SYMCACHE_KEY_MAX], struct err *err)
{
	BUF_AUTO notes = { 0 };
	int rc = disk_read(NOTES_FILE, NOTES_MAX, &notes, err);

	if (rc < 0)
		return rc;
	snprintf(ret, SYMCACHE_KEY_MAX, "types-%016llx",
		(unsigned long long)hash_pair(hash_view(buf_view(&notes)), hash_view(program)));
	return 0;
}

static int make(struct view program, struct buf *ret, struct err *err)
{
	struct bpf_object *object = bpf_object__open_mem(program.at, program.len, NULL);
	struct btf *kernel = btf__load_vmlinux_btf(), *brief = NULL;
	struct header header = { .magic = MAGIC };
	const void *bytes;
	uint32_t len;
	int rc;

	if (!object || !kernel)
		rc = err_set(err, ERR_NOT_FOUND, "the kernel tells nothing of its types");
	else
		rc = brief_btf_make(bpf_object__btf(object), kernel, &brief, err);
	bytes = rc == 0 ? btf__raw_data(brief, &len) : NULL;
	if (bytes) {
		header.checksum = hash_view((struct view){ bytes, len });
		buf_add(ret, &header, sizeof(header));
		buf_add(ret, bytes, len);
	}
	if (rc == 0 && (!bytes || ret->failed))
		rc = err_set(err, ERR_NOMEM, "out of memory");
	btf__free(brief);
	btf__free(kernel);
	bpf_object__close(object);
	return rc;
}

static int in_memory(struct view bytes, struct err *err)
{
	int fd = memfd_create("types", MFD_CLOEXEC);

	if (fd >= 0 && write(fd, bytes.at, bytes.len) == (ssize_t)bytes.len)
		return fd;
	if (fd >= 0)
		close(fd);
	return err_errno(err, errno, "no file in memory");
}

int kernel_types_open(struct symcache *cache, struct view program, struct err *err)
{
	char key[SYMCACHE_KEY_MAX];
	BUF_AUTO kept = { 0 };
	struct view types;
	int rc = make_key(program, key, err);

	if (rc < 0)
		return rc;
	if (symcache_read(cache, key, SYMCACHE_TYPES, &kept, NULL) == 0 &&
		kernel_types_check(buf_view(&kept), &types, NULL) == 0)
		return in_memory(types, err);
	kept.len = 0;
	rc = make(program, &kept, err);
	if (rc < 0)
		return rc;
	symcache_write(cache, key, SYMCACHE_TYPES, buf_view(&kept), NULL);
	rc = kernel_types_check(buf_view(&kept), &types, err);
	return rc < 0 ? rc : in_memory(types, err);
}
