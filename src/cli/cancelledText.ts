/** What is left, or not, when a command was cancelled. One for each command that takes a while. */
const leftBehind: Readonly<Record<string, string>> = {
  inspect: "Layers that were read whole are remembered.",
  explain: "Layers that were read whole are remembered.",
  export: "Nothing was written. Layers that were read whole are remembered.",
  bench: "Trials that had ended are in the report.",
  boot: "Nothing was changed on the machine.",
  report: "Nothing was written.",
  clusters: "Nothing was changed on the cluster.",
  rbac: "Nothing was changed on the cluster.",
  cleanup: "What was not removed yet is still on the cluster; run it again.",
};

/** `command`: the name of the command that was running; undefined where none had begun. */
export function cancelledText(command: string | undefined): string {
  const left = command === undefined ? undefined : leftBehind[command];
  return left === undefined ? "Cancelled." : `Cancelled. ${left}`;
}
