// holdPages: keeps what is in the page cache of some files there until standard input ends, so that it can still be counted later on a
// machine that drops pages.
//
// Each path on standard input ends with a NUL byte. Once a second the pages of these files that are in the cache are locked there. Nothing
// is read that was not read before: only pages found in the cache are touched, and without read-ahead.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct held {
	volatile const char *map;
	size_t size, pages;
	unsigned char *touched; // per page, 1 when it is locked
	struct held *next;
};

static struct held *all;
static volatile char sum;

static void hold(const char *path) {
	struct stat status;
	int file = open(path, O_RDONLY | O_NOATIME | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0) return;
	if (!fstat(file, &status) && S_ISREG(status.st_mode) && status.st_size > 0) {
		size_t size = status.st_size, pages = (size + 4095) / 4096;
		void *map = mmap(NULL, size, PROT_READ, MAP_SHARED, file, 0);
		struct held *each = calloc(1, sizeof *each);
		unsigned char *touched = calloc(pages, 1);
		if (map == MAP_FAILED || !each || !touched || madvise(map, size, MADV_RANDOM) || mlock2(map, size, MLOCK_ONFAULT)) {
			perror(path);
			exit(1);
		}
		*each = (struct held){map, size, pages, touched, all};
		all = each;
	}
	close(file);
}

static void touch_cached(void) {
	static unsigned char *cached;
	static size_t room;
	for (struct held *each = all; each; each = each->next) {
		if (room < each->pages) {
			room = each->pages;
			if (!(cached = realloc(cached, room))) exit(1);
		}
		if (mincore((void *)each->map, each->size, cached)) continue;
		for (size_t page = 0; page < each->pages; page++)
			if ((cached[page] & 1) && !each->touched[page]) {
				each->touched[page] = 1;
				sum += each->map[page * 4096];
			}
	}
}

int main(void) {
	static char path[8192];
	size_t length = 0;
	struct timespec last = {0}, now;
	struct pollfd wait = {.fd = 0, .events = POLLIN};
	for (;;) {
		if (poll(&wait, 1, 1000) > 0) {
			ssize_t got = read(0, path + length, sizeof path - length);
			if (got <= 0) return 0;
			length += got;
			char *start = path, *end;
			while ((end = memchr(start, 0, length - (start - path)))) {
				hold(start);
				start = end + 1;
			}
			length -= start - path;
			memmove(path, start, length);
			if (length == sizeof path) return 1;
		}
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec == last.tv_sec) continue;
		last = now;
		touch_cached();
	}
}
