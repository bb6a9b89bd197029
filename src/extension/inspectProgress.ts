import { formatBytes } from "../base/format.ts";
import type { InspectEvent } from "../inspect/inspection.ts";
import type { PanelProgress } from "../protocol/messages.ts";

/** Sums up the events of an inspection. */
export class InspectProgress {
  #originLabel: string | undefined;
  #layerCount = 0;
  #totalBytes = 0;
  readonly #readBytes = new Map<number, number>();
  readonly #done = new Set<number>();

  add(event: Exclude<InspectEvent, { kind: "done" }>): void {
    if (event.kind === "opened") {
      this.#originLabel = event.originLabel;
      this.#layerCount = event.layerCount;
      this.#totalBytes = event.blobSizeBytes;
      return;
    }
    this.#readBytes.set(event.layerIndex, event.state === "cached" ? (event.totalBytes ?? 0) : event.readBytes);
    if (event.state !== "reading") this.#done.add(event.layerIndex);
  }

  get snapshot(): PanelProgress {
    let readBytes = 0;
    for (const sizeBytes of this.#readBytes.values()) readBytes += sizeBytes;
    return {
      originLabel: this.#originLabel,
      layersDone: this.#done.size,
      layerCount: this.#layerCount,
      readBytes,
      totalBytes: this.#totalBytes,
    };
  }
}

/** `3 of 8 layers, 1.2 GB of 3.4 GB`. */
export function progressText(progress: PanelProgress): string {
  if (progress.layerCount === 0) return "looking for the image";
  const of = progress.totalBytes > 0 ? ` of ${formatBytes(progress.totalBytes)}` : "";
  return `${progress.layersDone} of ${progress.layerCount} layers, ${formatBytes(progress.readBytes)}${of}`;
}
