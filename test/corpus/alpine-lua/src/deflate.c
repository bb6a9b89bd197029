#include <lua.h>
#include <lauxlib.h>
#include <zlib.h>

static int size(lua_State *L)
{
	size_t length;
	const char *text = luaL_checklstring(L, 1, &length);
	luaL_Buffer buffer;
	uLongf out = compressBound(length);
	char *to = luaL_buffinitsize(L, &buffer, out);
	compress((Bytef *)to, &out, (const Bytef *)text, length);
	lua_pushinteger(L, out);
	return 1;
}

int luaopen_deflate(lua_State *L)
{
	lua_newtable(L);
	lua_pushcfunction(L, size);
	lua_setfield(L, -2, "size");
	return 1;
}
