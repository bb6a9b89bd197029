import { expect, test } from "vitest";
import { estimateStartup } from "../../src/startup/estimate.ts";
import { rules } from "../../src/startup/rules.ts";
import { debianRoot, elf, program } from "../fakes/elf.ts";
import { memoryCatalog, type MemoryFile } from "../fakes/memoryCatalog.ts";

function check(name: string, cmd: readonly string[], files: Readonly<Record<string, MemoryFile>>, expected: readonly string[]): void {
  test(name, () => {
    const question = { entrypoint: [], cmd, env: ["PORT=80"], workingDir: "/", user: "", chunkSizeBytes: 4_194_304 };
    const estimate = estimateStartup(memoryCatalog({ ...debianRoot, "/usr/bin/server": program(), ...files }), question, 1);
    expect(estimate.files.filter(({ rule }) => !Object.hasOwn(rules, rule))).toEqual([]);
    expect(estimate.commands.map(({ argv, probability }) => `${probability} ${argv.join(" ")}`)).toEqual(expected);
  });
}

check(
  "supervisord starts the programs of its configuration",
  ["supervisord", "-n", "-c", "/etc/s.conf"],
  {
    "/usr/bin/supervisord": program(),
    "/etc/s.conf": "[supervisord]\nnodaemon=true\n[include]\nfiles = conf.d/*.conf\n[program:off]\ncommand=server off\nautostart=false\n",
    "/etc/conf.d/a.conf": '; comment\n[program:a]\ncommand=server "a b"\n  --port %(ENV_PORT)s ; listens\nuser=app\n',
  },
  ["1 supervisord -n -c /etc/s.conf", "0.95 server a b --port 80"],
);

check(
  "s6-overlay starts a folder of services, then its arguments",
  ["/init", "server", "last"],
  {
    "/init": "#!/bin/sh -e\n:\n",
    "/usr/bin/with-contenv": program(),
    "/etc/cont-init.d/10-x": "#!/bin/sh\nmkdir -p /x\n",
    "/etc/services.d/web/run": "#!/usr/bin/with-contenv sh\nexec server web\n",
  },
  [
    "1 /init server last",
    "1 /bin/sh -e /init server last",
    "0.95 /etc/cont-init.d/10-x",
    "0.95 /bin/sh /etc/cont-init.d/10-x",
    "0.95 mkdir -p /x",
    "0.95 /etc/services.d/web/run",
    "0.95 /usr/bin/with-contenv sh /etc/services.d/web/run",
    "0.95 sh /etc/services.d/web/run",
    "0.95 server web",
    "1 server last",
  ],
);

test("a name service that stands before files is loaded, and files itself before glibc 2.34", () => {
  const files = {
    ...debianRoot,
    "/usr/bin/id": program(),
    "/usr/lib/x86_64-linux-gnu/libc.so.6": { link: "libc-2.31.so" },
    "/usr/lib/x86_64-linux-gnu/libc-2.31.so": elf({ soname: "libc.so.6" }),
    "/usr/lib/x86_64-linux-gnu/libnss_sss.so.2": elf(),
    "/usr/lib/x86_64-linux-gnu/libnss_files.so.2": elf(),
    "/usr/lib/x86_64-linux-gnu/libnss_dns.so.2": elf(),
    "/etc/nsswitch.conf": "passwd: sss [NOTFOUND=continue] files dns\n",
  };
  const question = { entrypoint: ["id"], cmd: [], env: [], workingDir: "", user: "", chunkSizeBytes: 4_194_304 };
  const opened = estimateStartup(memoryCatalog(files), question, 1).files.map(({ path }) => path);
  expect(opened.filter((path) => path.includes("libnss"))).toEqual([
    "/usr/lib/x86_64-linux-gnu/libnss_files.so.2",
    "/usr/lib/x86_64-linux-gnu/libnss_sss.so.2",
  ]);
});
