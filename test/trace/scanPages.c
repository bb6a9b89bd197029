// scanPages FOLDER: tells for each regular file on the filesystem at FOLDER which parts of it are in the page cache.
//
// Per file one record that ends with a NUL byte, its fields between tabs: size in bytes, cached 4 KiB pages, bytes of the
// 1 MiB and of the 4 MiB chunks with a cached page, inode, path below FOLDER. Nothing is read: mapping a file loads no page.
#define _GNU_SOURCE
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t folder_length;

struct chunks {
	int shift;
	long long last, bytes;
};

static void add(struct chunks *chunks, long long offset, long long size) {
	long long number = offset >> chunks->shift;
	if (number == chunks->last) return;
	chunks->last = number;
	long long end = (number + 1) << chunks->shift;
	chunks->bytes += (end < size ? end : size) - (number << chunks->shift);
}

static void fail(const char *path) {
	perror(path);
	exit(1);
}

static int scan(const char *path, const struct stat *status, int type, struct FTW *where) {
	(void)where;
	if (type != FTW_F || !S_ISREG(status->st_mode)) return 0;
	long long size = status->st_size;
	long pages = 0;
	struct chunks small = {.shift = 20, .last = -1}, large = {.shift = 22, .last = -1};
	if (size > 0) {
		int file = open(path, O_RDONLY | O_NOATIME | O_NOFOLLOW | O_CLOEXEC);
		if (file < 0) fail(path);
		void *map = mmap(NULL, size, PROT_READ, MAP_SHARED, file, 0);
		size_t count = (size + 4095) / 4096;
		unsigned char *cached = malloc(count);
		if (map == MAP_FAILED || !cached || mincore(map, size, cached)) fail(path);
		for (size_t page = 0; page < count; page++)
			if (cached[page] & 1) {
				pages++;
				add(&small, (long long)page * 4096, size);
				add(&large, (long long)page * 4096, size);
			}
		free(cached);
		munmap(map, size);
		close(file);
	}
	printf("%lld\t%ld\t%lld\t%lld\t%llu\t%s%c", size, pages, small.bytes, large.bytes, (unsigned long long)status->st_ino, path + folder_length, 0);
	return 0;
}

int main(int count, char **arguments) {
	if (count != 2) return 2;
	folder_length = strlen(arguments[1]);
	if (nftw(arguments[1], scan, 64, FTW_PHYS | FTW_MOUNT)) fail(arguments[1]);
	return fflush(stdout) ? 1 : 0;
}
