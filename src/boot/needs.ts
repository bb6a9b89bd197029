import type { BootUnit } from "./bootChain.ts";

/** Whether a unit could let another one begin without waiting for it, as far as dependencies tell. */
export interface Need {
  /** The root fails without it: it requires it, directly or by way of others. */
  readonly isRequired: boolean;
  /** Units that the root requires and that are ordered after it. */
  readonly requiredBehind: readonly string[];
}

/** Answers for one root, over the dependencies of one boot. */
export class Needs {
  private readonly index: ReadonlyMap<string, BootUnit>;
  private readonly required: ReadonlySet<string>;

  constructor(index: ReadonlyMap<string, BootUnit>, root: BootUnit) {
    this.index = index;
    this.required = this.closure(root.id, (unit) => unit.requires);
  }

  of(unit: string): Need {
    const id = this.index.get(unit)?.id ?? unit;
    return {
      isRequired: this.required.has(id),
      requiredBehind: [...this.required].filter((other) => other !== id && this.closure(other, (step) => step.after).has(id)),
    };
  }

  /** Without the unit itself. */
  private closure(from: string, links: (unit: BootUnit) => readonly string[]): ReadonlySet<string> {
    const found = new Set<string>();
    const open = [from];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const unit = this.index.get(name);
      for (const other of unit ? links(unit) : []) {
        const id = this.index.get(other)?.id ?? other;
        if (id === from || found.has(id)) continue;
        found.add(id);
        open.push(id);
      }
    }
    return found;
  }
}
