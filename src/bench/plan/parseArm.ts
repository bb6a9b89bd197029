import type { WithProblems } from "../../base/text.ts";
import type { ArmDraft } from "./planDraft.ts";

/** The short form of an arm, `NAME` or `NAME=IMAGE`: `overlayfs`, `stargz=registry.example/app:1.0-esgz`. */
export function parseArm(text: string): WithProblems<ArmDraft | undefined> {
  const trimmed = text.trim();
  const at = trimmed.indexOf("=");
  const name = at < 0 ? trimmed : trimmed.slice(0, at).trim();
  const image = at < 0 ? undefined : trimmed.slice(at + 1).trim();
  if (!isArmName(name) || image === "") {
    const message = `"${trimmed}" is no arm: write a name such as overlayfs, or NAME=IMAGE; ${armNameRule}.`;
    return { value: undefined, problems: [{ severity: "error", message }] };
  }
  return { value: { name, image }, problems: [] };
}

export const armNameRule = "names have up to 40 letters, digits, spaces and the marks . _ + -";

export const armNamePattern = /^[A-Za-z0-9](?:[A-Za-z0-9 ._+-]{0,38}[A-Za-z0-9+])?$/;

function isArmName(text: string): boolean {
  return armNamePattern.test(text);
}
