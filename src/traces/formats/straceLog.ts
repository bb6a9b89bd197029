import type { LineFormat, LineReader } from "../lineFormat.ts";
import { OpenedPaths } from "../openedPaths.ts";
import type { TracedSet } from "../tracedSet.ts";
import { straceCall, straceDescriptorPath, straceLine, straceText, type StraceCall } from "./straceLine.ts";
import { StraceProcesses } from "./straceProcesses.ts";

const forks = /^(?:clone3?|v?fork)$/;
const followed = /^(?:open(?:at2?)?|creat|execve(?:at)?|f?chdir|chroot|pivot_root|clone3?|v?fork|close|dup[23]?|fcntl)$/;
/** Arguments of a program may fill megabytes; what is needed of a call that is not finished stands at its front. */
const maxUnfinished = 65_536;
const maxUnfinishedCalls = 10_000;

/**
 * What `strace -f` logs of calls that open or execute files, of one process or all in one file: with process numbers, times and
 * descriptors' paths (`-y`) or without (strace(1)). Calls that failed are left out, calls that were interrupted by another
 * process's line are put together, relative paths are completed by what chdir and the directory's descriptor were.
 */
export const straceLog: LineFormat = {
  recognized: (sample) =>
    sample.filter((line) => {
      const read = straceLine(line);
      return read && (read.event.kind !== "call" || / = (?:-?\d|0x|\?)/.test(read.event.text));
    }).length,
  reader: () => new StraceReader(),
};

export class StraceReader implements LineReader {
  #opened = new OpenedPaths();
  readonly #processes = new StraceProcesses();
  readonly #unfinished = new Map<number, string>();
  #number = 0;
  #startS: number | undefined;
  #nowS: number | undefined;
  #filePid = 0;
  /** Where the container's root is in the paths that `-y` shows. */
  #shownRoot = "";

  /** Of `-ff`: the lines that follow are of this process, from a file of its own. */
  beginProcess(pid: number): void {
    this.#filePid = pid;
    this.#unfinished.clear();
  }

  line(text: string): void {
    this.#number++;
    if (text.trim() === "") return;
    const line = straceLine(text);
    if (!line) {
      this.#opened.unreadable(this.#number);
      return;
    }
    const pid = line.pid === 0 ? this.#filePid : line.pid;
    if (line.time) {
      this.#nowS = line.time.isSincePrevious ? (this.#nowS ?? 0) + line.time.seconds : line.time.seconds;
      this.#startS ??= this.#nowS;
    }
    const { event } = line;
    if (event.kind === "other" || !followed.test(event.name)) return;
    if (event.kind === "unfinished") {
      if (this.#unfinished.size < maxUnfinishedCalls) this.#unfinished.set(pid, event.text.slice(0, maxUnfinished));
      this.#processes.of(pid);
      if (forks.test(event.name)) this.#processes.beginsFork(pid);
      return;
    }
    let whole = event.text;
    if (event.kind === "resumed") {
      const front = this.#unfinished.get(pid);
      if (front === undefined) return;
      this.#unfinished.delete(pid);
      whole = front + event.text;
    }
    const call = straceCall(whole);
    if (call?.result !== undefined) this.#call(pid, event.name, call as StraceCall & { result: number });
  }

  end(): TracedSet {
    return this.#opened.result("strace log", { lacksInterpreters: true });
  }

  #call(pid: number, name: string, { args, result, after }: StraceCall & { result: number }): void {
    const process = this.#processes.of(pid);
    // What the calls themselves said goes first: `-y` shows paths as strace sees them, from outside of the container.
    const pathOf = (descriptor: string | undefined): string | undefined => {
      const { cwd } = process.place;
      if (descriptor?.startsWith("AT_FDCWD")) return cwd === undefined || cwd === "." ? (this.#shownPath(descriptor) ?? cwd) : cwd;
      return process.descriptors.get(Number.parseInt(descriptor ?? "", 10)) ?? this.#shownPath(descriptor);
    };
    const named = (text: string | undefined, base?: string): string | undefined => {
      const path = straceText(text);
      return path === undefined ? undefined : this.#processes.completed(process, path, base);
    };
    switch (name) {
      case "open":
      case "creat":
        this.#learnRoot(straceText(args[0]), after);
        this.#open(process, named(args[0]), args[1] ?? "", result);
        break;
      case "openat":
      case "openat2": {
        const base = pathOf(args[0]);
        const path = straceText(args[1]);
        this.#learnRoot(path, after);
        if (path?.startsWith("/") || base !== undefined) this.#open(process, named(args[1], base), args[2] ?? "", result);
        break;
      }
      case "execve":
        this.#execute(process, named(args[0]));
        break;
      case "execveat":
        this.#execute(process, named(args[1], pathOf(args[0])));
        break;
      case "chdir":
        process.place.cwd = named(args[0]);
        break;
      case "fchdir":
        process.place.cwd = pathOf(args[0]);
        break;
      case "chroot":
      case "pivot_root":
        process.place.hasNewRoot = true;
        process.place.cwd = "/";
        break;
      case "close":
        process.descriptors.delete(Number.parseInt(args[0] ?? "", 10));
        break;
      case "dup":
      case "dup2":
      case "dup3":
      case "fcntl": {
        const path = pathOf(args[0]);
        if (path !== undefined && (name !== "fcntl" || args[1]?.startsWith("F_DUPFD"))) this.#processes.opened(process, result, path);
        break;
      }
      default:
        // In a container the number is that of its own process namespace, and strace adds its own view.
        if (result > 0) this.#processes.forked(pid, Number(/(\d+) in strace's PID NS/.exec(after)?.[1] ?? result), args.join(","));
    }
  }

  /** A descriptor's path as the container has it, where `-y` shows one. */
  #shownPath(descriptor: string | undefined): string | undefined {
    const path = straceDescriptorPath(descriptor);
    return path?.startsWith(`${this.#shownRoot}/`) ? path.slice(this.#shownRoot.length) : path;
  }

  /** `openat(…, "/etc/app/x", …) = 3</merged/etc/app/x>`: the container's root is at `/merged` for strace. */
  #learnRoot(path: string | undefined, after: string): void {
    const shown = straceDescriptorPath(after);
    if (shown !== undefined && path !== undefined && /^\/[^/]+\//.test(path) && shown.endsWith(path))
      this.#shownRoot = shown.slice(0, shown.length - path.length);
  }

  #open(process: ReturnType<StraceProcesses["of"]>, path: string | undefined, flags: string, descriptor: number): void {
    if (path === undefined) return;
    this.#processes.opened(process, descriptor, path);
    // A path alone reads nothing, and what had to be new was not in the image.
    if (!/\bO_(?:PATH|DIRECTORY|EXCL|TMPFILE)\b/.test(flags)) this.#opened.add(path, { firstOpenMs: this.#sinceStartMs() });
  }

  #execute(process: ReturnType<StraceProcesses["of"]>, path: string | undefined): void {
    // What was opened before belongs to the tools that set the container up, not to the container.
    if (process.place.hasNewRoot) this.#opened = new OpenedPaths();
    process.place.hasNewRoot = false;
    if (path !== undefined) this.#opened.add(path, { executed: true, firstOpenMs: this.#sinceStartMs() });
  }

  #sinceStartMs(): number | undefined {
    return this.#nowS === undefined ? undefined : Math.max(0, (this.#nowS - (this.#startS ?? 0)) * 1000);
  }
}
