// recordOpens FOLDER: records which files of the filesystem at FOLDER are opened, by anyone, until standard input ends.
//
// It says "." once it records. For each byte that it reads from standard input it answers with what was opened for the
// first time since the last answer: per path an "o" (opened) or an "x" (executed), the path, and a NUL byte; an empty record
// ends the answer, with the number of lost events before its NUL. A path that is executed after it was opened comes again.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <unistd.h>

struct seen {
	char *path;
	int executed;
	int told; // 0: nothing yet, 1: opened, 2: executed
	struct seen *next;
};

static void *tree;
static struct seen *all;
static unsigned long lost;

static void fail(const char *what) {
	perror(what);
	exit(1);
}

static int by_path(const void *a, const void *b) {
	return strcmp(((const struct seen *)a)->path, ((const struct seen *)b)->path);
}

static void note(char *path, int executed) {
	struct seen key = {.path = path}, *entry;
	struct seen **found = tfind(&key, &tree, by_path);
	if (found) {
		entry = *found;
	} else {
		entry = calloc(1, sizeof *entry);
		if (!entry || !(entry->path = strdup(path)) || !tsearch(entry, &tree, by_path)) fail("memory");
		entry->next = all;
		all = entry;
	}
	entry->executed |= executed;
}

// Takes every event that is there. Each has an open descriptor of its file, whose name the kernel tells.
static void drain(int group) {
	static char buffer[1 << 16] __attribute__((aligned(8)));
	ssize_t length;
	while ((length = read(group, buffer, sizeof buffer)) > 0) {
		struct fanotify_event_metadata *event = (void *)buffer;
		for (; FAN_EVENT_OK(event, length); event = FAN_EVENT_NEXT(event, length)) {
			if (event->fd < 0) {
				lost++;
				continue;
			}
			char link[64], path[4096];
			snprintf(link, sizeof link, "/proc/self/fd/%d", event->fd);
			ssize_t size = readlink(link, path, sizeof path - 1);
			close(event->fd);
			if (size <= 0) {
				lost++;
				continue;
			}
			path[size] = 0;
			note(path, (event->mask & FAN_OPEN_EXEC) != 0);
		}
	}
}

static void answer(void) {
	for (struct seen *entry = all; entry; entry = entry->next) {
		int state = entry->executed ? 2 : 1;
		if (entry->told == state) continue;
		entry->told = state;
		putchar(entry->executed ? 'x' : 'o');
		fputs(entry->path, stdout);
		putchar(0);
	}
	printf("%lu%c", lost, 0);
	fflush(stdout);
}

int main(int count, char **arguments) {
	if (count != 2) return 2;
	int group = fanotify_init(FAN_CLASS_NOTIF | FAN_UNLIMITED_QUEUE | FAN_CLOEXEC | FAN_NONBLOCK, O_RDONLY | O_LARGEFILE | O_CLOEXEC | O_NOATIME);
	if (group < 0) fail("fanotify_init");
	if (fanotify_mark(group, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, FAN_OPEN | FAN_OPEN_EXEC, AT_FDCWD, arguments[1])) fail("fanotify_mark");
	putchar('.');
	fflush(stdout);
	struct pollfd wait[2] = {{.fd = group, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
	for (;;) {
		poll(wait, 2, -1);
		char command;
		ssize_t asked = wait[1].revents ? read(0, &command, 1) : -1;
		drain(group);
		if (asked == 0) return 0;
		if (asked == 1) answer();
	}
}
