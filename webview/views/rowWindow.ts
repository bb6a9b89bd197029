/** Which rows of a long list are drawn: those in sight and some around them. */
export interface RowWindow {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
}

export function rowWindow(scrollTop: number, viewHeight: number, rowHeight: number, total: number, around = 10): RowWindow {
  const first = Math.max(0, Math.min(total, Math.floor(scrollTop / rowHeight) - around));
  const end = Math.min(total, Math.ceil((scrollTop + viewHeight) / rowHeight) + around);
  return { first, end: Math.max(first, end) };
}

/** Pages of `pageSize` rows that a window needs, by their number. */
export function pagesOf({ first, end }: RowWindow, pageSize: number): number[] {
  const pages: number[] = [];
  if (end > first) for (let page = Math.floor(first / pageSize); page <= Math.floor((end - 1) / pageSize); page++) pages.push(page);
  return pages;
}

/** Where a key leads from the active row; undefined when the key is not for the list. */
export function rowAfterKey(key: string, active: number, total: number, rowsInView: number): number | undefined {
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + rowsInView,
    PageUp: active - rowsInView,
    Home: 0,
    End: total - 1,
  };
  const target = Object.hasOwn(targets, key) ? targets[key] : undefined;
  return target === undefined || total === 0 ? undefined : Math.max(0, Math.min(total - 1, target));
}
