/** Rules of Node programs: what a rule means, in one sentence for people. */
export const nodeRules: Readonly<Record<string, string>> = {
  "node-entry": "The script that the command line names.",
  "node-require": "A CommonJS module that code loads with require().",
  "node-import": "An ES module that code loads with an import or export declaration.",
  "node-dynamic-import": "A module that code loads with import() while it runs.",
  "node-pattern": "A module whose name is built while running; files that fit the known part are taken.",
  "node-package-json": "A package.json that Node reads to find a package or to learn a file's module system.",
  "node-resolve": "A module that code only looks up with require.resolve() or import.meta.resolve().",
  "node-worker": "A script that code starts as a worker thread or child process.",
  "node-addon": "A native addon, loaded with its shared libraries.",
  "node-preload": "A module that an option of the node command loads before the script.",
  "node-file": "A file that code addresses relative to its own folder.",
  "node-framework": "A part of a framework or of its build output that it loads when it starts.",
  "node-source-map": "A source map, which Node reads with each file when it runs with --enable-source-maps.",
  "node-env-file": "A file with environment variables that node --env-file or dotenv reads.",
  "node-distribution": "A part of Node itself that the distribution ships as a file.",
  "node-package-manager": "A file of the package manager that starts the script.",
};
