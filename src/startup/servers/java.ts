import { openAccounts } from "../libc.ts";
import { folderOf, joinPath, textOf } from "../paths.ts";
import { unknownWord, type Command, type Runtime, type StartupWalk } from "../walk.ts";
import { openClassPath } from "./classPath.ts";

/** What a Java runtime of version 9 or later opens under its home, and how often; traced on servers of OpenJDK 17 and 21 (Spring, Tomcat, Jetty). */
const runtimeFiles: readonly (readonly [path: string, probability: number])[] = [
  ["lib/jvm.cfg", 0.98],
  ["lib/server/libjvm.so", 0.99],
  ["lib/server/classes.jsa", 0.95],
  ["lib/modules", 0.99],
  ["lib/libjli.so", 0.98],
  ["lib/libjava.so", 0.98],
  ["lib/libjimage.so", 0.98],
  ["lib/libzip.so", 0.98],
  ["lib/libnio.so", 0.95],
  ["lib/libnet.so", 0.95],
  ["lib/libextnet.so", 0.7],
  ["lib/libjsvml.so", 0.75],
  ["lib/libmanagement.so", 0.7],
  ["lib/libmanagement_ext.so", 0.7],
  ["lib/tzdb.dat", 0.75],
  ["conf/security/java.security", 0.95],
  ["conf/security/java.policy", 0.5],
  ["lib/security/default.policy", 0.5],
  ["conf/net.properties", 0.8],
  ["conf/logging.properties", 0.6],
  // Java 8.
  ["lib/rt.jar", 0.99],
  ["lib/jsse.jar", 0.6],
  ["lib/jce.jar", 0.6],
  ["lib/charsets.jar", 0.3],
  ["lib/resources.jar", 0.6],
  ["lib/meta-index", 0.5],
  ["lib/amd64/jvm.cfg", 0.98],
  ["lib/amd64/server/libjvm.so", 0.99],
  ["lib/amd64/libjava.so", 0.98],
  ["lib/amd64/libverify.so", 0.98],
  ["lib/amd64/libzip.so", 0.98],
  ["lib/amd64/libnio.so", 0.95],
  ["lib/amd64/libnet.so", 0.95],
  ["lib/amd64/jli/libjli.so", 0.98],
];

/** The Java launcher: the runtime's own files and the class path. Which classes a jar gives up is not followed. */
export const javaRuntime: Runtime = {
  name: "java",
  matches: (programName) => programName === "java",
  start(command, executable, _invokedPath, walk) {
    const home = folderOf(folderOf(executable));
    for (const root of [home, `${home}/jre`]) {
      for (const [path, probability] of runtimeFiles) {
        const full = `${root}/${path}`;
        if (!walk.catalog.file(full)) continue;
        const evidence = `every start of ${executable}`;
        if (path.endsWith(".so")) walk.elf.load(command, full, "java", command.probability * probability, evidence);
        else walk.open(full, "java", command.probability * probability, evidence);
      }
    }
    openAccounts(command, walk, command.probability * 0.8);
    openClassPath({ ...command, argv: withOptions(command, walk) }, walk);
  },
};

/** Options from the environment come first, `@file` arguments are replaced by the file's words (java(1)). */
function withOptions(command: Command, walk: StartupWalk): readonly string[] {
  const words = ["JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"].flatMap((name) => (command.env.get(name) ?? "").split(/\s+/).filter(Boolean));
  const argv = command.argv.flatMap((word) => {
    if (!word.startsWith("@") || word.includes(unknownWord)) return [word];
    const path = joinPath(command.cwd, word.slice(1));
    walk.open(path, "argument", command.probability, word);
    return (textOf(walk.catalog, path) ?? "").split(/\s+/).filter(Boolean);
  });
  return [argv[0] as string, ...words, ...argv.slice(1)];
}
