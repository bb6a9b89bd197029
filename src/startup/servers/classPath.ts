import { globPaths } from "../glob.ts";
import { folderOf, joinPath, nameOf, textOf } from "../paths.ts";
import { unknownWord, type Command, type StartupWalk } from "../walk.ts";
import { optionValue } from "./arguments.ts";

const maxArchives = 3000;
/** Of one folder of classes. */
const maxClasses = 3000;

/** Opens what the class path, the module path, `-jar` and agents name, with what their manifests add (JAR specification, `Class-Path`). */
export function openClassPath(command: Command, walk: StartupWalk): void {
  const { argv, cwd, probability } = command;
  const jar = optionValue(argv, "-jar");
  const listed =
    optionValue(argv, "-cp", "-classpath", "--class-path") ?? (jar === undefined ? command.env.get("CLASSPATH") : undefined) ?? "";
  const modules = optionValue(argv, "-p", "--module-path") ?? "";
  const archives = new Archives(command, walk);
  if (jar !== undefined) archives.open(joinPath(cwd, jar), probability, `-jar ${jar}`);
  for (const part of [...listed.split(":"), ...modules.split(":")]) {
    if (part === "" || part.includes(unknownWord)) continue;
    const path = joinPath(cwd, part);
    if (archives.open(path, probability, `class path ${part}`)) continue;
    const inside = part.endsWith("/*") || part === "*" ? globPaths(walk.catalog, `${path}.jar`) : modules.includes(part) ? globPaths(walk.catalog, `${path}/*.jar`) : []; // prettier-ignore
    for (const archive of inside) archives.open(archive, probability * 0.95, `class path ${part}`);
    if (inside.length === 0 && walk.catalog.resolve(path)?.type === "directory") openClasses(path, part, command, walk);
  }
  for (const word of argv) {
    const [, agent] = /^-(?:javaagent|agentpath):([^=]+)/.exec(word) ?? [];
    if (agent?.endsWith(".so") === true && walk.catalog.file(joinPath(cwd, agent)))
      walk.elf.load(command, joinPath(cwd, agent), "java", probability, word); // prettier-ignore
    else if (agent !== undefined) archives.open(joinPath(cwd, agent), probability, word);
    const [, files] = /^-XX:SharedArchiveFile=(.+)$/.exec(word) ?? [];
    for (const archive of files?.split(":") ?? []) walk.open(joinPath(cwd, archive), "java", probability, word);
    const [, property] = /^-D[\w.]+=((?:file:)?\/[^,;]+|[\w./-]+\.(?:xml|properties|ya?ml|conf|policy|jks|p12))$/.exec(word) ?? [];
    if (property !== undefined) walk.open(joinPath(cwd, property.replace(/^file:(?:\/\/)?/, "")), "argument", probability * 0.8, word);
  }
}

/** Archives and those that their manifests name, each once. */
class Archives {
  private readonly command: Command;
  private readonly walk: StartupWalk;
  private readonly seen = new Set<string>();

  constructor(command: Command, walk: StartupWalk) {
    this.command = command;
    this.walk = walk;
  }

  /** Returns whether there is such a file. */
  open(path: string, probability: number, evidence: string): boolean {
    const entry = this.walk.open(path, "jar", probability, evidence);
    if (!entry) return false;
    if (this.seen.has(entry.path) || this.seen.size >= maxArchives) return true;
    this.seen.add(entry.path);
    const manifest = textOf(this.walk.catalog, entry.path) ?? "";
    const field = (name: string): string => new RegExp(`^${name}: *(.*)$`, "m").exec(manifest)?.[1]?.trim() ?? "";
    // Relative to the archive itself, also where a symlink led to it.
    for (const part of field("Class-Path").split(/\s+/).filter(Boolean)) {
      const named = part.replace(/^file:(?:\/\/)?/, "");
      const target = joinPath(folderOf(path), decoded(named));
      if (!this.open(target, probability * 0.95, `${nameOf(path)} → Class-Path ${part}`) && part.endsWith("/"))
        openClasses(target, part, this.command, this.walk, field("Main-Class"));
    }
    const launcher = field("Launcher-Agent-Class");
    if (launcher !== "") this.walk.open(`${folderOf(path)}/${launcher}`, "jar", probability * 0.1, "Launcher-Agent-Class");
    if (field("Main-Class").startsWith("org.apache.catalina.startup.")) this.openTomcat(path, probability);
    if (this.walk.catalog.file(`${folderOf(path)}/quarkus/quarkus-application.dat`)) this.openQuarkus(folderOf(path), probability);
    return true;
  }

  /**
   * The layout `fast-jar` of Quarkus: its own class loader (RunnerClassLoader) reads an index, and opens archives of `lib/main`
   * when a class of them is first wanted. Which those are is a matter of size: of small ones many are only compiled against.
   */
  private openQuarkus(folder: string, probability: number): void {
    const { catalog } = this.walk;
    const why = "Quarkus starts the application";
    for (const name of catalog.list(`${folder}/quarkus`)) this.walk.open(`${folder}/quarkus/${name}`, "jar", probability * 0.95, why);
    for (const part of ["app", "lib/boot"])
      for (const path of globPaths(catalog, `${folder}/${part}/*.jar`)) this.walk.open(path, "jar", probability * 0.95, why);
    for (const path of globPaths(catalog, `${folder}/lib/main/*.jar`)) {
      const isLikely = (catalog.file(path)?.sizeBytes ?? 0) >= 100_000 || nameOf(path).startsWith("io.quarkus.");
      this.walk.open(path, "jar", probability * (isLikely ? 0.85 : 0.4), why);
    }
    this.walk.flag({
      code: "lazy-class-loading",
      message: "The application's class loader opens archives when their classes are first used; which of them that are is partly a guess.",
    });
  }

  /** Tomcat's class loaders take all archives of `lib` (catalina.properties, `common.loader`); its settings lie in `conf`. */
  private openTomcat(bootstrap: string, probability: number): void {
    const property = (name: string): string | undefined => this.command.argv.map((word) => word.startsWith(`-D${name}=`) ? word.slice(name.length + 3) : undefined).find(Boolean); // prettier-ignore
    const home = property("catalina.home") ?? folderOf(folderOf(bootstrap));
    const base = property("catalina.base") ?? home;
    for (const folder of new Set([`${home}/lib`, `${base}/lib`]))
      for (const archive of globPaths(this.walk.catalog, `${folder}/*.jar`))
        this.open(archive, probability * 0.95, "Tomcat's common.loader");
    for (const name of [
      "server.xml",
      "web.xml",
      "context.xml",
      "catalina.properties",
      "logging.properties",
      "tomcat-users.xml",
      "jaspic-providers.xml",
    ])
      this.walk.open(`${base}/conf/${name}`, "config", probability * 0.92, "Tomcat's settings");
    for (const app of this.walk.catalog.list(`${base}/webapps`)) {
      for (const archive of globPaths(this.walk.catalog, `${base}/webapps/${app}/WEB-INF/lib/*.jar`)) this.open(archive, probability * 0.9, `web application ${app}`); // prettier-ignore
      for (const file of ["WEB-INF/web.xml", "META-INF/context.xml"]) this.walk.open(`${base}/webapps/${app}/${file}`, "config", probability * 0.9, `web application ${app}`); // prettier-ignore
      if (app.endsWith(".war")) this.open(`${base}/webapps/${app}`, probability * 0.95, "Tomcat unpacks it");
    }
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * A folder of classes. A framework that scans its packages reads all of them; otherwise an application's own start loads most.
 * Resources beside them are settings mostly.
 */
function openClasses(folder: string, part: string, command: Command, walk: StartupWalk, manifestMain = ""): void {
  const main = manifestMain || (command.argv.slice(1).find((word) => /^[\w$]+(\.[\w$]+)+$/.test(word)) ?? "");
  const { catalog } = walk;
  const mainPath = `${folder}/${main.replaceAll(".", "/")}.class`;
  if (main !== "") walk.open(mainPath, "jar", command.probability, `main class ${nameOf(mainPath)}`);
  const files: string[] = [];
  const visit = (path: string, depth: number): void => {
    for (const name of catalog.list(path)) {
      if (files.length > maxClasses) return;
      const child = `${path}/${name}`;
      if (catalog.resolve(child)?.type === "directory") {
        if (depth < 20) visit(child, depth + 1);
      } else files.push(child);
    }
  };
  visit(folder, 0);
  const classes = files.filter((path) => path.endsWith(".class"));
  const chance = classes.length <= 200 ? 0.7 : 0.3;
  for (const path of classes) walk.open(path, "jar", command.probability * chance, `class folder ${part}`);
  const settings =
    /\/(?:application|bootstrap|logback|log4j2?|simplelogger|logging)[\w-]*\.(?:properties|ya?ml|xml)$|\/META-INF\/(?:services\/|spring)/;
  for (const path of files.filter((one) => settings.test(one)))
    walk.open(path, "config", command.probability * 0.7, `class folder ${part}`);
  if (classes.length > 0)
    walk.flag({ code: "class-folder", message: `${part} is a folder of classes; which of them are loaded is estimated.` });
}
