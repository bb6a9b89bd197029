import { formatBytes } from "../base/format.ts";
import type { InspectEvent } from "../inspect/inspection.ts";

/** Tells on stderr how far the reading is: one line that is rewritten on a terminal, one line per layer elsewhere. */
export class Progress {
  private readonly terminal = process.stderr.isTTY;
  private readonly readBytes = new Map<number, number>();
  private layerCount = 0;
  private cachedCount = 0;
  private doneCount = 0;
  private lastDrawnAtMs = 0;

  show(event: InspectEvent): void {
    if (event.kind === "opened") {
      this.layerCount = event.layerCount;
      const size = event.blobSizeBytes > 0 ? `, ${formatBytes(event.blobSizeBytes)} to download at most` : "";
      this.line(`${event.reference} from ${event.originLabel}: ${event.layerCount} layers${size}`);
    } else if (event.kind === "layer") {
      this.layer(event);
    } else {
      this.clear();
    }
  }

  private layer(event: Extract<InspectEvent, { kind: "layer" }>): void {
    this.readBytes.set(event.layerIndex, event.readBytes);
    if (event.state === "cached") this.cachedCount++;
    if (event.state === "done") this.doneCount++;
    if (!this.terminal) {
      if (event.state === "done") this.line(`layer ${event.layerIndex + 1} of ${this.layerCount} read, ${formatBytes(event.readBytes)}`);
      return;
    }
    const now = performance.now();
    if (now - this.lastDrawnAtMs < 100) return;
    this.lastDrawnAtMs = now;
    const total = [...this.readBytes.values()].reduce((sum, bytes) => sum + bytes, 0);
    process.stderr.write(`\r\u001b[2K${this.doneCount + this.cachedCount} of ${this.layerCount} layers, ${formatBytes(total)} read`);
  }

  /** Removes the unfinished line, so that results and errors start on a fresh one. */
  clear(): void {
    if (this.terminal) process.stderr.write("\r\u001b[2K");
  }

  private line(text: string): void {
    this.clear();
    process.stderr.write(`${text}\n`);
  }
}
