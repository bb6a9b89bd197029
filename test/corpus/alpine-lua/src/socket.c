/* socket.serve(port, handler): handler(request) returns the whole answer. */
#include <lua.h>
#include <lauxlib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static int serve(lua_State *L)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(luaL_checkinteger(L, 1))};
	char request[8192];
	int on = 1, server = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(server, (struct sockaddr *)&to, sizeof to) || listen(server, 16))
		return luaL_error(L, "cannot listen");
	for (;;) {
		int client = accept(server, 0, 0);
		ssize_t got = client < 0 ? -1 : read(client, request, sizeof request);
		if (got > 0) {
			size_t length;
			const char *answer;
			lua_pushvalue(L, 2);
			lua_pushlstring(L, request, got);
			lua_call(L, 1, 1);
			answer = lua_tolstring(L, -1, &length);
			if (answer && write(client, answer, length) < 0)
				shutdown(client, SHUT_RDWR);
			lua_pop(L, 1);
		}
		if (client >= 0)
			close(client);
	}
}

int luaopen_socket(lua_State *L)
{
	lua_newtable(L);
	lua_pushcfunction(L, serve);
	lua_setfield(L, -2, "serve");
	return 1;
}
