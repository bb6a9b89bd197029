/** Where a process stands in the file tree; shared by threads. */
interface Place {
  /** `.` is the container's working directory; undefined when it cannot be known. */
  cwd: string | undefined;
  /** Its root changed, and what it executes next is the container's first program. */
  hasNewRoot: boolean;
}

interface Process {
  readonly place: Place;
  /** Descriptor → path. */
  readonly descriptors: Map<number, string>;
}

const maxProcesses = 50_000;
const maxDescriptors = 10_000;
const maxPathLength = 4096;

/** What strace's calls say of each process's working directory and open descriptors, so that relative paths can be completed. */
export class StraceProcesses {
  readonly #byPid = new Map<number, Process>();
  /** Who is in the middle of a fork whose child's number is not told yet. */
  #forking: number | undefined;

  of(pid: number): Process {
    const known = this.#byPid.get(pid);
    if (known) return known;
    if (this.#byPid.size >= maxProcesses) this.#byPid.clear();
    const parent = this.#forking === undefined ? undefined : this.#byPid.get(this.#forking);
    const made: Process = parent ? copyOf(parent) : { place: { cwd: ".", hasNewRoot: false }, descriptors: new Map() };
    this.#byPid.set(pid, made);
    return made;
  }

  beginsFork(pid: number): void {
    this.#forking = pid;
  }

  /** `flags` as strace prints them: what CLONE_FS and CLONE_FILES name is shared, all else copied. */
  forked(parentPid: number, childPid: number, flags: string): void {
    if (this.#forking === parentPid) this.#forking = undefined;
    const parent = this.of(parentPid);
    const place = flags.includes("CLONE_FS") ? parent.place : { ...parent.place };
    const descriptors = flags.includes("CLONE_FILES") ? parent.descriptors : new Map(parent.descriptors);
    const child = this.#byPid.get(childPid);
    // The child ran before its parent's call ended: it may have moved since, so only what it lacks is given to it.
    if (child && child !== parent) {
      for (const [number, path] of descriptors) if (!child.descriptors.has(number)) child.descriptors.set(number, path);
    } else this.#byPid.set(childPid, { place, descriptors });
  }

  opened({ descriptors }: Process, descriptor: number, path: string): void {
    if (descriptors.size < maxDescriptors) descriptors.set(descriptor, path);
  }

  /** A path as the process means it; relative results are relative to the container's working directory. */
  completed(process: Process, path: string, base: string | undefined = process.place.cwd): string | undefined {
    if (path.startsWith("/")) return path;
    if (base === undefined) return undefined;
    if (path === "" || path === ".") return base;
    const joined = base === "." ? path : base.endsWith("/") ? base + path : `${base}/${path}`;
    return joined.length > maxPathLength ? undefined : joined;
  }
}

function copyOf({ place, descriptors }: Process): Process {
  return { place: { ...place }, descriptors: new Map(descriptors) };
}
