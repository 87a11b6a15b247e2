/* replay: gives every file of a corpus to a fuzz target once, as an ordinary test. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = NULL;
	size_t len = 0, cap = 0;

	if (!file) {
		perror(path);
		exit(1);
	}
	do {
		cap = cap ? cap * 2 : 4096;
		bytes = realloc(bytes, cap);
		if (!bytes)
			abort();
		len += fread(bytes + len, 1, cap - len, file);
	} while (len == cap);
	fclose(file);
	/* Exactly as long as the input, so that a sanitizer sees a read past its end. */
	uint8_t *exact = realloc(bytes, len ? len : 1);

	printf("%s\n", path);
	fflush(stdout); /* the last line names the culprit of a crash */
	LLVMFuzzerTestOneInput(exact ? exact : bytes, len);
	free(exact ? exact : bytes);
}

static size_t replay_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	size_t count = 0;

	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		char path[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		replay_file(path);
		count++;
	}
	if (dir)
		closedir(dir);
	return count;
}

int main(int argc, char **argv)
{
	size_t count = 0;

	for (int i = 1; i < argc; i++)
		count += replay_folder(argv[i]);
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	printf("%zu inputs\n", count);
	return count ? 0 : 1;
}
