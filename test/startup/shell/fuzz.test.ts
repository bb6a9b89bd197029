import { expect, test } from "vitest";
import { evaluateShell } from "../../../src/startup/shell/evaluate.ts";
import { debianRoot } from "../../fakes/elf.ts";
import { memoryCatalog } from "../../fakes/memoryCatalog.ts";
import { fuzz } from "../../fuzz.ts";

const pieces =
  `if;then;else;elif;fi;for;while;until;do;done;case;in;esac;;function;f();f;{;};(;);((;));[[;]];[;];!;&&;||;|;&;;;\n;\n; ; ; ;$;\${;}
$(;\`;";';\\;$@;"$@";$#;$1;\${x:-;\${x##*/};\${x[@]};$((;x=;x+=;x=(;=;==;=~;-f;-z;<;>;<<EOF\n;EOF\n;<<<;<(;2>&1;*;?;[a-;~;{a,b};{1..9}
exec;eval;source;.;exit;return;break;continue;shift;set --;local;export;unset;read;printf;echo;cd;command -v;trap;x;1;0;\0;é;/app/lib.sh`.split(
    /;|\n(?=[$e])/,
  );

/** What entry scripts look like; broken in one or two places. */
const real = `#!/bin/bash
set -Eeo pipefail
log() { local IFS=' '; printf '%s %s\\n' "$(date)" "$*"; }
. "$(dirname "$0")/lib.sh"
if [ "\${1:0:1}" = '-' ] || [[ $1 == *.conf && ! -f "\${X:-/etc/x}" ]]; then set -- server "$@"; fi
args=( --a "\${B:=c}" ); args+=( $((1+2)) )
for f in /hooks/* "\${args[@]}"; do case "$f" in *.sh|-*) [ -x "$f" ] && "$f" || continue ;; *) echo "$f" >&2 ;; esac; done
while [ $# -gt 0 ]; do shift; done
find /app -type f | sort | while read -r line; do eval "run $line"; done
until nc -z db 1; do sleep 1; done
cat <<END > /tmp/x
\${PATH} $(id -u)
END
f() { f "$@"; }; (f; exit 1) || true
exec gosu app "$@"
`;

const catalog = memoryCatalog({ ...debianRoot, "/app/lib.sh": "#!/bin/sh\nf() { . /app/lib.sh; }\nf\n" });

test("no script makes the evaluator throw, hang or invent probabilities", () => {
  const count = fuzz(
    "shell",
    (random) => {
      if (random.below(2) === 0) return random.text([...pieces, ...pieces.map((piece) => `${piece} `)], 60);
      const at = random.below(real.length);
      return (
        real.slice(0, at) + random.text([...pieces, " ", "\n"], 6) + real.slice(at + random.below(60)) + real.slice(0, random.below(200))
      );
    },
    (script) => {
      const before = performance.now();
      const { commands, reads } = evaluateShell(script, {
        catalog,
        uid: 0,
        env: new Map([["PATH", "/usr/bin"]]),
        cwd: "/app",
        name: "/app/x",
        args: ["a", "b"],
        readText: () => "#!/bin/sh\nf() { . /app/lib.sh; }\nf\n",
      });
      for (const { argv, probability } of commands) {
        if (argv.length === 0 || !(probability >= 0 && probability <= 1))
          throw new Error(`probability ${probability} of ${argv.join(" ")}`);
      }
      for (const { path, probability } of reads) if (!path.startsWith("/") || !(probability <= 1)) throw new Error(`read ${path}`);
      const durationMs = performance.now() - before;
      if (durationMs > 10_000) throw new Error(`took ${Math.round(durationMs)} ms`);
    },
  );
  expect(count).toBeGreaterThan(5);
});
