/** One command of a collection and the file that its output is kept as. */
export interface CollectionStep {
  readonly file: string;
  readonly command: string;
  readonly args: readonly string[];
  /** For machines on which the command fails so: the same with less. */
  readonly otherwise?: readonly string[];
  /** Without it there is no boot to tell of. */
  readonly isRequired: boolean;
}

/** A way to ask a machine about its boot: commands whose outputs together make what `readBoots` reads from a folder. Nothing is changed on the machine. */
export interface CollectionRecipe {
  readonly name: string;
  /** What the commands need, in plain words. */
  readonly needs: string;
  /** What this way cannot see. */
  readonly blindFor: string;
  readonly environment: Readonly<Record<string, string>>;
  /** In their order: the state of units first, as the commands themselves begin to change it. */
  readonly steps: readonly CollectionStep[];
}

const unitProperties = [
  "Id",
  "Names",
  "Type",
  "LoadState",
  "ActiveState",
  "SubState",
  "Result",
  "Job",
  "After",
  "Requires",
  "Requisite",
  "BindsTo",
  "WantedBy",
  "RequiredBy",
  "TriggeredBy",
  "InactiveExitTimestamp",
  "InactiveExitTimestampMonotonic",
  "ActiveEnterTimestampMonotonic",
  "ActiveExitTimestampMonotonic",
  "InactiveEnterTimestampMonotonic",
  "ConditionResult",
  "ConditionTimestampMonotonic",
  "NRestarts",
].join(",");

/** Of PID 1 alone: what other programs log is neither needed nor wanted. */
const journalArguments = ["-b", "-o", "json", "--no-pager", "_PID=1"];

/** No colours, no pager, and times in UTC. */
export const plainEnvironment = { LC_ALL: "C.UTF-8", SYSTEMD_COLORS: "0", SYSTEMD_PAGER: "", TZ: "UTC" };

/** Where another target was gone to, the default one may be known no longer, and is read anew as it is named. */
const showUnits = ["show", "*", "default.target", "--all", "-p", unitProperties];

export const clockStep: CollectionStep = {
  file: "clock.txt",
  command: "cat",
  args: ["/proc/uptime", "/proc/sys/kernel/random/boot_id"],
  isRequired: false,
};

/** On the machine itself: over ssh, or in its namespaces. */
export const systemctlRecipe: CollectionRecipe = {
  name: "systemctl",
  needs: "systemctl; the journal needs root or a member of systemd-journal or adm",
  blindFor: "restarts and failed dependencies where the journal may not be read",
  environment: plainEnvironment,
  steps: [
    // Before systemd 247 times of day come in whole seconds only; the monotonic ones are exact everywhere.
    { file: "show-units.txt", command: "systemctl", args: [...showUnits, "--timestamp=us+utc"], otherwise: showUnits, isRequired: true },
    { file: "show-manager.txt", command: "systemctl", args: ["show"], isRequired: true },
    { file: "list-jobs.txt", command: "systemctl", args: ["list-jobs"], isRequired: false },
    clockStep,
    { file: "os-release.txt", command: "cat", args: ["/etc/os-release"], isRequired: false },
    { file: "journal.json", command: "journalctl", args: journalArguments, isRequired: false },
    { file: "cloud-init.json", command: "cloud-init", args: ["analyze", "dump"], isRequired: false },
  ],
};

/** In a pod that shares every namespace of PID 1 with the machine: `nsenter -t 1 …` before each command. Needs `hostPID` and privileges. */
export function insideHost(recipe: CollectionRecipe): CollectionRecipe {
  const enter = [
    "-t",
    "1",
    "-m",
    "-u",
    "-i",
    "-n",
    "-p",
    "--",
    "env",
    ...Object.entries(recipe.environment).map(([key, value]) => `${key}=${value}`),
  ];
  return {
    ...recipe,
    name: `nsenter, ${recipe.name}`,
    needs: `a privileged pod with hostPID and nsenter; ${recipe.needs}`,
    steps: recipe.steps.map((step) => ({
      ...step,
      command: "nsenter",
      args: [...enter, step.command, ...step.args],
      ...(step.otherwise && { otherwise: [...enter, step.command, ...step.otherwise] }),
    })),
  };
}
