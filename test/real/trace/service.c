// A service whose opened files and pages are known: it answers / at once, and opens /data/answer.txt for any other path.
#include <arpa/inet.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile char sum;

static void read_whole(const char *path) {
	char buffer[65536];
	int file = open(path, O_RDONLY);
	while (read(file, buffer, sizeof buffer) > 0)
		;
	close(file);
}

int main(void) {
	struct stat status;
	stat("/data/only-looked-at.txt", &status);
	read_whole("/etc/service.conf");
	int model = open("/data/model.bin", O_RDONLY);
	// Pages 0 and 700 of 1500: in the first 1 MiB chunk and the third.
	const char *weights = mmap(NULL, 1500 * 4096, PROT_READ, MAP_PRIVATE, model, 0);
	sum = weights[0] + weights[700 * 4096];
	close(open("/tmp/made-at-runtime", O_WRONLY | O_CREAT, 0600));
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(8080)};
	bind(listener, (struct sockaddr *)&address, sizeof address);
	listen(listener, 8);
	for (;;) {
		char request[4096] = "";
		int client = accept(listener, NULL, NULL);
		read(client, request, sizeof request - 1);
		if (strncmp(request, "GET / ", 6)) {
			read_whole("/data/answer.txt");
			sum = weights[1499 * 4096];
		}
		const char *answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
		write(client, answer, strlen(answer));
		close(client);
	}
}
