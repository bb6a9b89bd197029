import { spawn, type ChildProcess } from "node:child_process";

/**
 * Ends what this process leaves behind when it is gone, however it ended: after `kill -9`, or in a worker that vitest ends, no exit handler runs.
 * It hears of each process and folder on its standard input, which ends with this process. Everything has half a minute to end by itself.
 */
const script = `
trap '' INT TERM HUP
processes= folders=
while read -r what target; do
  case $what in
  +) processes="$processes $target " ;;
  -) processes="\${processes%% $target *} \${processes#* $target }" ;;
  folder) folders="$folders$target
" ;;
  esac
done
tree() {
  ps -A -o pid= -o ppid= 2>/dev/null | awk -v roots="$processes" '
    BEGIN { n = split(roots, root); for (i = 1; i <= n; i++) in_tree[root[i]] = 1 }
    { parent[$1] = $2 }
    END { do { grown = 0; for (p in parent) if (!(p in in_tree) && (parent[p] in in_tree)) { in_tree[p] = 1; grown = 1 } } while (grown)
      for (p in in_tree) print p }'
}
all=$(tree)
[ -n "$all" ] || all=$processes
for target in $all; do kill -s TERM -- "$target"; done 2>/dev/null
tenths=0
for target in $all; do
  while [ $tenths -lt 300 ] && kill -s 0 -- "$target" 2>/dev/null; do
    sleep 0.1
    tenths=$((tenths + 1))
  done
done
for target in $all; do kill -s KILL -- "$target"; done 2>/dev/null
printf %s "$folders" | while read -r folder; do rm -rf "$folder"; done
`;

/** The last argument of the process that ends orphans, to know it by. */
export const orphanEnder = "coldstart-orphans";

let ender: ChildProcess | undefined;

/** A process, or with a negative number its group, and all that these started, end with this process at the latest. */
export function endsWithUs(target: number): void {
  tell(`+ ${target}`);
}

/** It has ended. */
export function endedBeforeUs(target: number): void {
  tell(`- ${target}`);
}

/** The folder is removed after this process, when all processes have ended. */
export function removedAfterUs(folder: string): void {
  tell(`folder ${folder}`);
}

/** The process that ends orphans; started if need be. Undefined where there is no shell. */
export function orphanEnderPid(): number | undefined {
  return started().pid;
}

function started(): ChildProcess {
  if (ender) return ender;
  ender = spawn("sh", ["-c", script, orphanEnder], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  ender.on("error", () => {}); // no shell, no orphans: Windows ends with its own means
  ender.stdin?.on("error", () => {});
  ender.unref();
  (ender.stdin as { unref?(): void } | null)?.unref?.();
  return ender;
}

function tell(line: string): void {
  started().stdin?.write(`${line}\n`);
}
