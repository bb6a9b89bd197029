import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** How it is seen that an image of the corpus is ready, and what its first request is: the file `probe.json` beside its Dockerfile. */
export interface Probe {
  /** `exit`: the container does its work and ends. */
  readonly type: "http" | "tcp" | "exit";
  /** Where it listens, on the container's own loopback; every type but `exit` has one. */
  readonly port?: number;
  /** For `http`: an answer below 500 to GET of this path means ready. */
  readonly path?: string;
  /** For `tcp`: what is said after connecting; any answer means ready. Without it a connection is enough. */
  readonly send?: string;
  /** Method, path, body or null, and headers of the first real request over HTTP. */
  readonly request?: readonly [method: string, path: string, body: string | null, headers?: Readonly<Record<string, string>>];
  /** In seconds, for the start and for the request; 120 when absent. */
  readonly timeout?: number;
  /** Which images are alike, for leave-one-family-out; see `families`. */
  readonly family?: Family;
  /** Absent: the rules were made with it. */
  readonly set?: ProbeSet;
}

/**
 * `unseen`: recorded and scored before any rule was changed for it; rules and numbers learnt from it since. `second`: recorded and scored
 * after that, and kept out of every fit, so that it tells how the next unknown image fares.
 */
export const probeSets = ["unseen", "second"] as const;
export type ProbeSet = (typeof probeSets)[number];

/** Stacks whose images share most of their rules. */
export const families = [
  "python-web",
  "python-ml",
  "node",
  "jvm",
  "native-server",
  "shell",
  "go-rust",
  "ruby",
  "php",
  "dotnet",
  "other",
] as const;
export type Family = (typeof families)[number];

export const corpusFolder = join(import.meta.dirname, "..", "corpus");

/** Where `test/corpus/build` puts images, and where traces work. */
export const corpusCache = process.env["CORPUS_OUT"] ?? join(homedir(), ".cache", "coldstart-corpus");

/** Where the blobs of all built layouts are. */
export const sharedBlobs = join(corpusCache, "oci", "blobs");

export function layoutOf(name: string): string {
  return join(corpusCache, "oci", name);
}

export function isBuilt(name: string): boolean {
  return existsSync(join(layoutOf(name), "index.json"));
}

/** All images of the corpus by name, traced or not. */
export function corpusNames(): string[] {
  return readdirSync(corpusFolder).filter((name) => existsSync(join(corpusFolder, name, "probe.json")));
}

export function readProbe(file: string): Probe {
  const probe = JSON.parse(readFileSync(file, "utf8")) as Probe;
  const complete = probe.type === "exit" || (typeof probe.port === "number" && (probe.type === "tcp" || probe.path?.startsWith("/")));
  if (!complete) throw new Error(`${file}: "http" needs a port and a path, "tcp" a port, and there is "exit".`);
  if (probe.family && !families.includes(probe.family)) throw new Error(`${file}: "${probe.family}" is none of ${families.join(", ")}.`);
  if (probe.set && !probeSets.includes(probe.set)) throw new Error(`${file}: the set "${probe.set}" is none of ${probeSets.join(", ")}.`);
  return probe;
}
