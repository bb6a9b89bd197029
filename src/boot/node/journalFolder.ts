import type { JournalBoot } from "../formats/journalBoots.ts";

/** Kernels write their first entries within this time. */
const beginningUs = 60_000_000;

/** Names in a folder as Go's file server lists it, without the slash of folders. */
export function linksOf(html: string): string[] {
  return [...html.matchAll(/<a href="([^"]{1,512})">/g)].flatMap(([, link = ""]) => {
    try {
      const name = decodeURIComponent(link).replace(/^\.\//, "").replace(/\/$/, "");
      return /^[\w@.~:-]+$/.test(name) && !/^\.+$/.test(name) ? [name] : [];
    } catch {
      return [];
    }
  });
}

/**
 * The system's journals out of such a folder, the newest first: the one that is being written, then those that were put away, whose names
 * end with the time of their first entry.
 */
export function journalFilesOf(names: readonly string[]): string[] {
  const away = names.flatMap((name) => {
    const since = /^system@(?:[0-9a-f]{32}-[0-9a-f]{16}-)?([0-9a-f]{16})(?:-[0-9a-f]{16})?\.journal~?$/.exec(name)?.[1];
    return since === undefined ? [] : [{ name, since }];
  });
  away.sort((a, b) => (a.since < b.since ? 1 : -1));
  return [...names.filter((name) => name === "system.journal"), ...away.map(({ name }) => name)];
}

/** Whether the boot begins in the file that holds these boots. */
export function beginsIn(boot: JournalBoot, boots: readonly JournalBoot[]): boolean {
  return boots[0]?.bootId !== boot.bootId || boot.firstMonotonicUs < beginningUs;
}

/** One boot out of its parts in several files; undefined when there is none. */
export function joinedJournal(parts: readonly JournalBoot[]): JournalBoot | undefined {
  const [first, ...rest] = [...parts].sort((a, b) => a.firstMonotonicUs - b.firstMonotonicUs);
  if (!first || rest.length === 0) return first;
  const finished = parts.find((part) => part.finished)?.finished;
  return {
    ...first,
    lastMonotonicUs: parts.reduce((last, part) => Math.max(last, part.lastMonotonicUs), 0),
    events: [first, ...rest].flatMap(({ events }) => events).sort((a, b) => a.atUs - b.atUs),
    ...(finished && { finished }),
  };
}
