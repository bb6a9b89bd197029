import type { RuleName } from "../../src/startup/startupSet.ts";

/**
 * Groups of rules in the order in which the research added them (`startup-estimation`, "what rules bring"); each row counts what it and
 * the rows before it found. A file counts for the rule that the estimate names for it, so this tells who found what, not what the other rules
 * would have found in its place. Rules that stand in no row belong to the last one.
 */
export const ruleGroups: readonly { readonly title: string; readonly rules: readonly RuleName[] }[] = [
  { title: "entry, ELF closure", rules: ["entry", "elf", "linker"] },
  { title: "+ shell, C library", rules: ["script", "shell", "user", "locale", "account", "timezone", "openssl", "name"] },
  {
    title: "+ import graphs, servers",
    rules: [
      ...["py-startup", "py-pth", "py-script", "py-import", "py-stale-pyc", "py-extension", "py-extension-library"],
      ...["node-entry", "node-require", "node-import", "node-package-json", "node-addon", "node-preload", "node-distribution"],
      ...["java", "jar", "config", "server"],
    ],
  },
  {
    title: "+ calls, dynamic imports, metadata",
    rules: [
      ...["py-call-import", "py-dynamic", "py-lazy", "py-metadata", "py-extension-import", "py-library-load"],
      ...["node-dynamic-import", "node-pattern", "node-resolve", "node-worker"],
    ],
  },
  { title: "+ frameworks, paths, weights, the rest", rules: [] },
];

/** The index of a rule's group. */
export function groupOf(rule: RuleName): number {
  const index = ruleGroups.findIndex(({ rules }) => rules.includes(rule));
  return index < 0 ? ruleGroups.length - 1 : index;
}
