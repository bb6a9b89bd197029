/* su-exec USER COMMAND...: runs a command as a user, without staying its parent. */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct passwd *user;
	if (argc < 3 || !(user = getpwnam(argv[1]))) {
		fprintf(stderr, "usage: su-exec user command...\n");
		return 1;
	}
	if (initgroups(user->pw_name, user->pw_gid) || setgid(user->pw_gid) || setuid(user->pw_uid))
		return 1;
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
