import type { RuntimeClass, SnapshotterGuess } from "../../cluster/runtimeClasses.ts";
import { visibleText } from "../visibleText.ts";
import type { OfferedRuntime } from "./benchAnswers.ts";

/** Snapshotters that mount an ordinary image whole: they need the image in another form to be lazy. */
const ownForms: Readonly<Record<string, string>> = {
  stargz: "eStargz",
  nydus: "Nydus",
  overlaybd: "overlaybd",
  soci: "SOCI: with an index beside it",
};

/** What can be compared: each RuntimeClass, and pods without one unless a class is for overlayfs as well. */
export function runtimeOffers(
  classes: readonly RuntimeClass[],
  guessOf: (runtimeClass: RuntimeClass | undefined) => SnapshotterGuess,
): readonly OfferedRuntime[] {
  const named = classes.map((runtimeClass) => ({ name: runtimeClass.name, runtimeClass, guess: guessOf(runtimeClass) }));
  if (named.some(({ guess }) => guess.snapshotter === "overlayfs")) return named;
  const guess = guessOf(undefined);
  const usual = guess.snapshotter ?? "default";
  return [{ name: named.some(({ name }) => name === usual) ? "default" : usual, guess }, ...named];
}

/** `RuntimeClass stargz · likely stargz`. */
export function runtimeWords({ runtimeClass, guess }: OfferedRuntime): string {
  const where = runtimeClass ? `RuntimeClass ${visibleText(runtimeClass.name, 60)}` : "without a RuntimeClass";
  const what =
    guess.snapshotter === undefined
      ? "snapshotter not known"
      : `${guess.likelihood === "unknown" ? "perhaps" : guess.likelihood === "likely" ? "likely" : "possibly"} ${visibleText(guess.snapshotter, 40)}`;
  return `${where} · ${what}`;
}

/** The form that the image must have to be mounted lazily there; undefined when any will do. */
export function imageFormOf({ guess }: OfferedRuntime): string | undefined {
  return guess.snapshotter === undefined ? undefined : ownForms[guess.snapshotter];
}

/** Chosen at first: those of last time, else the ordinary way and the first lazy one. */
export function usualRuntimes(runtimes: readonly OfferedRuntime[], last: readonly string[] | undefined): readonly string[] {
  const known = (last ?? []).filter((name) => runtimes.some((runtime) => runtime.name === name));
  if (known.length > 0) return known;
  const whole = runtimes.filter(({ guess }) => guess.snapshotter === "overlayfs");
  const ordinary = whole.find(({ guess }) => guess.likelihood === "likely") ?? whole[0] ?? runtimes[0];
  const lazy = runtimes.find((runtime) => imageFormOf(runtime) !== undefined);
  return [ordinary, lazy].flatMap((runtime) => (runtime ? [runtime.name] : []));
}
