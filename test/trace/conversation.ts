import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** A helper program that is talked with: something is written, an answer that ends with a known mark is awaited. */
export class Conversation {
  #child: ChildProcessByStdio<Writable, Readable, null>;
  #received = Buffer.alloc(0);
  #wake: (() => void) | undefined;
  #end: string | undefined;
  readonly #name: string;

  constructor(argv: readonly string[]) {
    this.#name = argv.join(" ");
    this.#child = spawn(argv[0] ?? "", argv.slice(1), { stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdin.on("error", () => {}); // its end is noticed by who waits for an answer
    this.#child.stdout.on("data", (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake?.();
    });
    this.#child.once("error", (error) => this.#ended(error.message));
    this.#child.once("close", (code, signal) => this.#ended(`it ended with ${code ?? signal}`));
  }

  say(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Waits until what came satisfies `complete`, which returns where the answer ends, and takes it away. */
  async answer(complete: (received: Buffer) => number | undefined): Promise<Buffer> {
    for (;;) {
      const end = complete(this.#received);
      if (end !== undefined) {
        const answer = this.#received.subarray(0, end);
        this.#received = this.#received.subarray(end);
        return answer;
      }
      if (this.#end !== undefined) throw new Error(`${this.#name}: ${this.#end}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** One line, without its end. */
  async line(): Promise<string> {
    const line = await this.answer((received) => (received.includes(10) ? received.indexOf(10) + 1 : undefined));
    return line.toString().trimEnd();
  }

  stop(): void {
    this.#child.kill("SIGKILL");
  }

  #ended(how: string): void {
    this.#end ??= how;
    this.#wake?.();
  }
}
