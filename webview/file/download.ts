import { el } from "../dom.ts";

/** Hands bytes to the browser as a file; nothing is asked of any server. */
export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
