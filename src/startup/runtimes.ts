import { nodeRuntime } from "./node/nodeRuntime.ts";
import { pythonRuntime } from "./python/pythonRuntime.ts";
import { compiledRuntime } from "./servers/compiled.ts";
import { configuredRuntime } from "./servers/configured.ts";
import { javaRuntime } from "./servers/java.ts";
import { nginxRuntime } from "./servers/nginx.ts";
import { postgresRuntime } from "./servers/postgres.ts";
import { redisRuntime } from "./servers/redis.ts";
import { unsupportedRuntime } from "./servers/unsupported.ts";
import { shellRuntime } from "./shell/shellRuntime.ts";
import { erlangRuntime } from "./sources/erlang.ts";
import { luaRuntime } from "./sources/lua.ts";
import { perlRuntime } from "./sources/perl.ts";
import { phpRuntime } from "./sources/php.ts";
import { rRuntime } from "./sources/r.ts";
import { rubyRuntime } from "./sources/ruby.ts";
import type { Runtime } from "./walk.ts";

/** What is known of how programs start, asked in this order; the last row takes everything. */
export const runtimes: readonly Runtime[] = [
  shellRuntime,
  pythonRuntime,
  nodeRuntime,
  javaRuntime,
  nginxRuntime,
  postgresRuntime,
  redisRuntime,
  configuredRuntime,
  rubyRuntime,
  phpRuntime,
  perlRuntime,
  luaRuntime,
  rRuntime,
  erlangRuntime,
  unsupportedRuntime,
  compiledRuntime,
];
