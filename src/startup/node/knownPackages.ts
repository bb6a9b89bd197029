/**
 * Packages whose lazy loading does not last: their functions or getters run while the package that uses them is loaded.
 * One row per package, with the reason.
 */
const eager: readonly { readonly path: RegExp; readonly reason: string }[] = [
  {
    path: /\/fastify\/lib\/(?:schema-controller|logger-factory)\.js$/,
    reason: "an instance makes its logger and its schema compilers before it listens",
  },
  { path: /\/@nestjs\/core\/nest-factory\.js$/, reason: "NestFactory.create loads the platform's adapter" },
  { path: /\/@apollo\/server\/dist\/(?:esm|cjs)\/ApolloServer\.js$/, reason: "start() imports the default plugins" },
  { path: /\/better-sqlite3\/lib\/database\.js$/, reason: "opening a database loads all of its methods" },
  { path: /\/body-parser\/index\.js$/, reason: "express reads each of its getters when it loads, and each loads its parser" },
];

/** The opposite: packages that load on first use, where names alone would say that they are used at the start. */
const lazy: readonly { readonly path: RegExp; readonly reason: string }[] = [
  {
    path: /\/@opentelemetry\/otlp-grpc-exporter-base\//,
    reason: "the client is loaded when the first batch is sent, so that instrumentation comes before it",
  },
];

/** Whether functions of this file wait for more than being mentioned. */
export function waitsForUse(path: string): boolean {
  return lazy.some((row) => row.path.test(path));
}

/** How likely code in functions of this file runs; 0 where nothing special is known. */
export function eagerFunctions(path: string): number {
  return eager.some((row) => row.path.test(path)) ? 1 : 0;
}
