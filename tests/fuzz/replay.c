/*
 * Runs a fuzz target once on each file and each file of each directory given,
 * for compilers without libFuzzer and for `make test`.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX 1048576

static int
replay_file(const char *path)
{
	uint8_t *data = malloc(INPUT_MAX), *exact;
	FILE *f = fopen(path, "rb");
	size_t n;

	if (data == NULL || f == NULL) {
		perror(path);
		exit(2);
	}
	n = fread(data, 1, INPUT_MAX, f);
	fclose(f);
	/* of its own length, so that a read past the end is seen */
	exact = malloc(n == 0 ? 1 : n);
	if (exact == NULL)
		exit(2);
	for (size_t i = 0; i < n; i++)
		exact[i] = data[i];
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	free(data);
	return 1;
}

static int
replay_directory(const char *path)
{
	struct dirent **entries;
	int count = 0, n = scandir(path, &entries, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		char *file = NULL;

		if (entries[i]->d_name[0] != '.' &&
		    asprintf(&file, "%s/%s", path, entries[i]->d_name) > 0)
			count += replay_file(file);
		free(file);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return count;
}

int
main(int argc, char **argv)
{
	int count = 0;
	struct stat st;

	for (int i = 1; i < argc; i++)
		if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
			count += replay_directory(argv[i]);
		else
			count += replay_file(argv[i]);
	if (count == 0) {
		fprintf(stderr, "%s: no seeds\n", argv[0]);
		return 1;
	}
	return 0;
}
