import * as vscode from "vscode";
import { goBack, type PickPlace } from "./askInTurn.ts";

export interface PickItem<T> extends vscode.QuickPickItem {
  /** Absent: a separator, or text that cannot be chosen. */
  readonly value?: T;
}

export interface PickQuestion<T> {
  readonly placeholder: string;
  /** Shown as they come: what takes long is added to what is there. */
  readonly items: readonly PickItem<T>[] | AsyncIterable<readonly PickItem<T>[]>;
  /** The one that has the focus at first; absent: the first. */
  readonly isUsual?: (value: T) => boolean;
  /** What the typed text stands for: an item to choose, or one without a value that says what is wrong with it. Absent: text only filters. */
  readonly typed?: (text: string) => PickItem<T> | undefined;
}

/** Undefined when dismissed. Rejects when the items cannot be had. */
export function pickOne<T>(place: PickPlace, question: PickQuestion<T>): Promise<T | typeof goBack | undefined> {
  return pick(place, question, false, (chosen) => chosen[0]?.value);
}

/** A question that stands alone: there is nothing to go back to. Undefined when dismissed. */
export async function pickAlone<T>(title: string, question: PickQuestion<T>): Promise<T | undefined> {
  const answer = await pickOne({ title }, question);
  return answer === goBack ? undefined : answer;
}

/** At least one; undefined when dismissed. */
export function pickMany<T>(place: PickPlace, question: Omit<PickQuestion<T>, "typed">): Promise<readonly T[] | typeof goBack | undefined> {
  return pick(place, question, true, (chosen) => {
    const values = chosen.flatMap(({ value }) => (value === undefined ? [] : [value]));
    return values.length > 0 ? values : undefined;
  });
}

function pick<T, Answer>(
  { title, step, totalSteps, canGoBack }: PickPlace,
  { placeholder, items, isUsual, typed }: PickQuestion<T>,
  isMany: boolean,
  answerOf: (chosen: readonly PickItem<T>[]) => Answer | undefined,
): Promise<Answer | typeof goBack | undefined> {
  const picker = vscode.window.createQuickPick<PickItem<T>>();
  Object.assign(picker, { title, step, totalSteps, placeholder, canSelectMany: isMany, matchOnDescription: true, matchOnDetail: true });
  picker.ignoreFocusOut = true;
  if (canGoBack) picker.buttons = [vscode.QuickInputButtons.Back];
  let offered: readonly PickItem<T>[] = [];
  const usual = (): PickItem<T>[] => offered.filter(({ value }) => value !== undefined && isUsual?.(value) === true);
  /** What the typed text stands for, and whether it has had the focus: only then was another row chosen on purpose. */
  let own: PickItem<T> | undefined;
  let wasOwnActive = false;
  const show = (): void => {
    const text = picker.value.trim();
    const isOffered = offered.some(({ label, value }) => label === text && value !== undefined);
    const typedItem = text === "" || isOffered ? undefined : typed?.(text);
    own = typedItem && { ...typedItem, alwaysShow: true };
    wasOwnActive = false;
    // At the end: VS Code knows items by their place, and an answer on its way here must not mean another one.
    picker.items = own ? [...offered, own] : offered;
    if (own) picker.activeItems = [own];
  };
  return new Promise((resolve, reject) => {
    let isOpen = true;
    const settle = (answer: Answer | typeof goBack | undefined): void => {
      resolve(answer);
      picker.hide();
    };
    picker.onDidChangeValue(() => typed && show());
    picker.onDidTriggerButton(() => settle(goBack));
    picker.onDidChangeActive(([active]) => {
      if (own && active === own) wasOwnActive = true;
    });
    picker.onDidAccept(() => {
      // Who types fast confirms before the row of the typed text is drawn; another row has the focus then.
      const answer = answerOf(own && !wasOwnActive ? [own] : picker.selectedItems);
      // What cannot be chosen leaves the question open.
      if (answer !== undefined) settle(answer);
    });
    picker.onDidHide(() => {
      isOpen = false;
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
    const offer = (more: readonly PickItem<T>[]): void => {
      if (!isOpen) return;
      const isFirst = offered.length === 0;
      offered = more;
      show();
      const chosen = isFirst ? usual() : [];
      if (chosen.length === 0) return;
      if (isMany) picker.selectedItems = chosen;
      else if (picker.value === "") picker.activeItems = chosen.slice(0, 1);
    };
    const load = async (): Promise<void> => {
      if (!(Symbol.asyncIterator in items)) return offer(items);
      picker.busy = true;
      for await (const more of items) offer(more);
      picker.busy = false;
    };
    load().catch((error: unknown) => {
      reject(error instanceof Error ? error : new Error(String(error)));
      picker.hide();
    });
  });
}
