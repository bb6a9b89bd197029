import { describe, expect, test } from "vitest";
import { evaluateShell } from "../../../src/startup/shell/evaluate.ts";
import { textOf } from "../../../src/startup/paths.ts";
import { unknownWord } from "../../../src/startup/walk.ts";
import { debianRoot, program } from "../../fakes/elf.ts";
import { memoryCatalog } from "../../fakes/memoryCatalog.ts";

const catalog = memoryCatalog({
  ...debianRoot,
  "/usr/bin/python": program(),
  "/app/lib.sh": '#!/bin/sh\nlog() { echo "$@"; }\nNAME=from-lib\n',
  "/app/run": program(),
  "/hooks/10-a.sh": "#!/bin/sh\n",
  "/hooks/20-b.envsh": "#!/bin/sh\nexport HOOKED=yes\n",
  "/hooks/note.txt": "x",
  "/empty": { directory: true },
  "/etc/version": "12\n",
});

interface Options {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
}

/** `0.50 python app.py` for each started command; `…` where a word is not known. */
function started(script: string, { args = [], env = {}, uid = 0 }: Options = {}): string[] {
  const result = evaluateShell(script, {
    catalog,
    uid,
    env: new Map(Object.entries({ PATH: "/usr/bin:/bin", HOME: "/root", ...env })),
    cwd: "/app",
    name: "/app/entry.sh",
    file: "/app/entry.sh",
    args,
    readText: (path) => textOf(catalog, path),
  });
  return result.commands.map(
    ({ argv, probability }) =>
      `${probability === 1 ? "" : `${probability.toFixed(2)} `}${argv.map((word) => (word === unknownWord ? "…" : word)).join(" ")}`,
  );
}

function check(script: string, expected: readonly string[], options?: Options): void {
  test(script.replaceAll("\n", "⏎"), () => {
    expect(started(script, options)).toEqual(expected);
  });
}

describe("words", () => {
  check(`python "a b" c\\ d 'e $x' "$HOME/f" ~/g`, ["python a b c d e $x /root/f /root/g"]);
  check(`exec "$@"`, ["serve --port 80"], { args: ["serve", "--port", "80"] });
  check(`exec "$@"`, []);
  check(`run "\${@:2}" $#`, ["run b c 3"], { args: ["a", "b", "c"] });
  check(`X="a b"; run $X "$X" '$X'`, ["run a b a b $X"]);
  check(`run \${A:-d} \${B:-d} \${B:+yes} \${C+no} "\${D}" \${E=set} $E`, ["run d b yes  set set"], { env: { A: "", B: "b" } });
  check(`F=/a/b.tar.gz; run \${F##*/} \${F%/*} \${F%.*} \${F%%.*} \${F#/a} \${F/b/c} \${#F} \${F:3:1}`, [
    "run b.tar.gz /a /a/b.tar /a/b /b.tar.gz /a/c.tar.gz 11 b",
  ]);
  check(`run x{1,2}y {1..3}`, ["run x1y x2y 1 2 3"]);
  check(`run /hooks/*.sh /hooks/*.nothing`, ["run /hooks/10-a.sh /hooks/*.nothing"]);
  check(`run $((1 + 2 * 3)) $(( $# > 1 ? 5 : 6 ))`, ["run 7 6"]);
  check(`run "$(hostname)" $RANDOM`, ["hostname", "run … …"]);
  check(`args=(--a "b c"); args+=(d); run "\${args[@]}" "\${#args[@]}" "\${args[0]}"`, ["run --a b c d 3 --a"]);
  check(`NAME=v run; export OTHER=w`, ["run"]);
});

describe("substitutions", () => {
  check(`run --file=<(make) b`, ["make", "run --file=/dev/fd/63 b"]);
  check(`run "$(dirname "$0")/x" "$(basename "$0" .sh)"`, ["dirname /app/entry.sh", "basename /app/entry.sh .sh", "run /app/x entry"]);
  check(`cd "$(dirname "$0")" && ./run`, ["dirname /app/entry.sh", "./run"]);
  check(`D=$(cd /hooks && pwd); run $D $(cat /etc/version)`, ["cat /etc/version", "run /hooks 12"]);
  check("run `command -v python` $(uname -s)", ["uname -s", "run /usr/bin/python Linux"]);
  check(`if [ "$(id -u)" = 0 ]; then a; else b; fi`, ["id -u", "a"]);
  check(`if [ "$(id -u)" = 0 ]; then a; else b; fi`, ["id -u", "b"], { uid: 1500 });
});

describe("conditions", () => {
  check(`[ "$1" = serve ] && a || b`, ["a", "0.03 b"], { args: ["serve"] });
  check(`[ "$1" = serve ] && a || b`, ["b"], { args: ["other"] });
  check(`if [ -z "$X" ]; then a; elif [ -n "$Y" ]; then b; else c; fi`, ["b"], { env: { X: "1", Y: "2" } });
  check(`if [ -f /app/lib.sh -a ! -e /no ] && [ -d /empty ] && [ -x /app/run ]; then a; fi`, ["a"]);
  check(`if [[ $1 == s* && ( -z $X || -n $1 ) ]]; then a; fi`, ["a"], { args: ["serve"] });
  check(`if [[ $1 =~ ^[0-9]+$ ]]; then a; else b; fi`, ["a"], { args: ["42"] });
  check(`if [ "\${1#-}" != "$1" ]; then set -- server "$@"; fi; exec "$@"`, ["server --flag"], { args: ["--flag"] });
  check(`if [ "\${1:0:1}" = '-' ]; then set -- server "$@"; fi; exec "$@"`, ["other -x"], { args: ["other", "-x"] });
  check(`if [ -z "$(ls -A /empty)" ]; then a; fi; if [ -z "$(ls -A /hooks)" ]; then b; fi`, ["ls -A /empty", "a", "ls -A /hooks"]);
  check(`if ! command -v nothing >/dev/null; then a; fi; type python && b`, ["a", "b"]);
  check(`mkdir -p /data/x; [ -d /data/x ] || a`, ["mkdir -p /data/x", "0.05 a"]);
  check(`case "$1" in serve|run) a ;; -*) b ;; *) c ;; esac`, ["a"], { args: ["run"] });
  check(`case "$1" in serve|run) a ;; -*) b ;; *) c ;; esac`, ["b"], { args: ["--x"] });
  check(`case "$1" in serve|run) a ;; -*) b ;; *) c ;; esac`, ["c"], { args: [""] });
  check(`case $1 in a) one ;& b) two ;; c) three ;; esac`, ["one", "two"], { args: ["a"] });
  check(`(( $# > 1 )) && a`, ["a"], { args: ["x", "y"] });
});

describe("what is not known is followed both ways", () => {
  check(`if grep -q x /etc/thing; then a; else b; fi; c`, ["grep -q x /etc/thing", "0.50 a", "0.50 b", "c"]);
  check(`if probe "$X" && grep x y; then P=one; else P=two; fi; exec $P`, ["probe ", "0.97 grep x y", "0.52 two", "0.48 one"]);
  check(`if [ -z "$(date)" ]; then echo none; exit 1; fi; exec server`, ["date", "server"]);
  check(`case $(date) in a) x;; *) y;; esac`, ["date", "0.50 x", "0.50 y"]);
  check(`a && b && c`, ["a", "0.97 b", "0.94 c"]);
  check(`until nc -z db 5432; do sleep 1; done; exec server`, ["nc -z db 5432", "0.50 sleep 1", "server"]);
});

describe("idioms of official images", () => {
  const fileEnv = `file_env() {
  local var="$1" fileVar="\${1}_FILE" def="\${2:-}"
  if [ "\${!var:-}" ] && [ "\${!fileVar:-}" ]; then echo >&2 "both set"; exit 1; fi
  local val="$def"
  if [ "\${!var:-}" ]; then val="\${!var}"; elif [ "\${!fileVar:-}" ]; then val="$(< "\${!fileVar}")"; fi
  export "$var"="$val"; unset "$fileVar"
}
`;
  check(`${fileEnv}file_env USER_NAME fallback; run "$USER_NAME"`, ["run fallback"]);
  check(`${fileEnv}file_env USER_NAME; run "$USER_NAME"`, ["run given"], { env: { USER_NAME: "given" } });
  check(`${fileEnv}file_env SECRET; run "$SECRET"`, ["run 12"], { env: { SECRET_FILE: "/etc/version" } });
  check(`have() { local c="$1"; shift; local a; for a; do case "$a" in "$c"|"$c"=*) return 0 ;; esac; done; return 1; }\nif have --x "$@"; then a; else b; fi`, ["a"], { args: ["p", "--x=1"] }); // prettier-ignore
  check(`value() { while [ "$#" -gt 0 ]; do local a="$1"; shift; case "$a" in "--c"=*) echo "\${a#--c=}"; return 0 ;; esac; done; return 1; }\nif P="$(value "$@")"; then run $P; fi`, ["run /x"], { args: ["s", "--c=/x"] }); // prettier-ignore
  check(`if find /hooks -mindepth 1 -maxdepth 1 -type f -print -quit 2>/dev/null | read v; then a; else b; fi`, ["find /hooks -mindepth 1 -maxdepth 1 -type f -print -quit", "a"]); // prettier-ignore
  check(`keys=(a b); all=("\${keys[@]/#/ssl_}" c); run "\${all[@]^^}"`, ["run SSL_A SSL_B C"]);
  check(`um="$(umask)"; if [ "$um" = '0022' ]; then umask 0077; fi; exec "$@"`, ["server"], { args: ["server"] });
  check(`_main() { if [ "\${1:0:1}" = '-' ]; then set -- server "$@"; fi; exec "$@"; }\n_main "$@"`, ["server -p"], { args: ["-p"] });
});

test("a script that insists on a setting is followed as if it had been given", () => {
  const script = 'if [ -z "$PASSWORD" ]; then echo "set PASSWORD" >&2; exit 1; fi\nexec server';
  const options = { catalog, uid: 0, env: new Map<string, string>(), cwd: "/", name: "x", args: [], readText: () => undefined };
  const strict = evaluateShell(script, options);
  expect([strict.failed, strict.commands.length]).toEqual([true, 0]);
  const lenient = evaluateShell(script, { ...options, ignoresFailure: true });
  expect(lenient.commands.map(({ argv }) => argv)).toEqual([["server"]]);
});

describe("control flow", () => {
  check(`f() { local X=in; run "$1" $X; return 0; never; }; X=out; f arg; run $X`, ["run arg in", "run out"]);
  check(`. ./lib.sh; run $NAME; source /app/lib.sh; run $NAME`, ["run from-lib"]);
  check(`for f in /hooks/*; do case "$f" in *.sh) "$f" ;; *.envsh) . "$f" ;; esac; done; run "$HOOKED"`, ["/hooks/10-a.sh", "run yes"]);
  check(
    `find /hooks -follow -type f -print | sort -V | while read -r f; do case "$f" in *.sh) [ -x "$f" ] && "$f" ;; esac; done; exec "$@"`,
    ["find /hooks -follow -type f -print", "sort -V", "/hooks/10-a.sh", "server"],
    { args: ["server"] },
  );
  check(`while [ $# -gt 0 ]; do case $1 in --p) P=$2; shift 2 ;; *) break ;; esac; done; run $P "$@"`, ["run 80 rest"], {
    args: ["--p", "80", "rest"],
  });
  check(`i=0; while [ $i -lt 3 ]; do i=$((i+1)); run $i; done`, ["run 1", "run 2", "run 3"]);
  check(`for i in a b c; do [ $i = b ] && continue; [ $i = c ] && break; run $i; done`, ["run a"]);
  check(`(cd /hooks; X=1; run $X); run "$X" $PWD`, ["run 1", "run  /app"]);
  check(`server & wait; after`, ["server", "after"]);
  check(`exec server; never`, ["server"]);
  check(`exec 3>&1 >/dev/null; next`, ["next"]);
  check(`exit 0; never`, []);
  check(`cat <<EOF | read X; run done\ntext $Y\nEOF`, ["cat", "run done"]);
  check(`read -r A B <<< "one two three"; run "$A" "$B"`, ["run one two three"]);
  check(`eval "run a" ; command run b; set -- x y; shift; run "$1"`, ["run a", "run b", "run y"]);
  check(`trap 'x' EXIT; set -eu -o pipefail; ulimit -n 10; umask 022; run`, ["run"]);
  check(`f() { f; }; f; run`, ["run"]);
  check(`while true; do x; done`, ["x"]);
});

test("a started command has the exported environment, its folder and its line", () => {
  const { commands, reads } = evaluateShell("A=1\nexport B=2\ncd /hooks\n. /app/lib.sh\nC=3 run", {
    catalog,
    uid: 0,
    env: new Map([["PATH", "/bin"]]),
    cwd: "/",
    name: "entry.sh",
    file: "/app/entry.sh",
    args: [],
    readText: (path) => textOf(catalog, path),
  });
  expect(commands).toEqual([
    {
      argv: ["run"],
      cwd: "/hooks",
      probability: 1,
      startedBy: "/app/entry.sh:5",
      env: new Map(Object.entries({ PATH: "/bin", B: "2", C: "3", PWD: "/hooks" })),
    },
  ]);
  expect(reads).toEqual([{ path: "/app/lib.sh", probability: 1, evidence: "/app/entry.sh:4" }]);
});

test("a script that doubles a variable, or never ends, stops within bounds", () => {
  const before = performance.now();
  expect(started(`X=aaaaaaaa; for i in {1..60}; do X="$X$X$X$X"; done; run "$X"`)).toEqual(["run …"]);
  expect(started(`f() { for i in 1 2 3 4 5 6 7 8 9; do f; done; }; f; run`).length).toBeLessThan(3);
  expect(started(`while :; do while :; do while :; do x; done; done; done`)).toEqual(["x"]);
  expect(performance.now() - before).toBeLessThan(5000);
});
