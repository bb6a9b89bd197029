import { expect, test } from "vitest";
import { estimateStartup } from "../../../src/startup/estimate.ts";
import { debianRoot, program } from "../../fakes/elf.ts";
import { memoryCatalog } from "../../fakes/memoryCatalog.ts";
import { fuzz } from "../../fuzz.ts";

const commands = [
  "nginx",
  "supervisord",
  "redis-server /etc/redis.conf",
  "apache2",
  "mysqld",
  "java @/etc/java.cfg",
  "env -S /etc/run",
  "/etc/run",
];
const pieces =
  "include ;|include *.conf;|load_module x.so;|root /;|server {|}|{|;|#|\"|'|\\|\n|\n|\t| | |=|[program:x]\n|command=|server|a b|[include]\nfiles=|/etc/*|/etc/../..|../|//|%(ENV_X)s|loadmodule |aclfile |Include |IncludeOptional |LoadModule m |!includedir |-jar |-cp |:/a/*:|-javaagent:|#!/|#!/bin/sh |\u0000|é|0".split(
    "|",
  );

test("no configuration makes an estimate throw, hang or leave its bounds", () => {
  const count = fuzz(
    "server configuration",
    (random) => ({ command: random.pick(commands), text: random.text(pieces, 60), other: random.text(pieces, 20) }),
    ({ command, text, other }) => {
      const names = ["nginx", "supervisord", "redis-server", "apache2", "mysqld", "java"];
      const programs = Object.fromEntries(names.map((name) => [`/usr/bin/${name}`, program()]));
      const places = [
        "/etc/nginx/nginx.conf",
        "/etc/supervisord.conf",
        "/etc/redis.conf",
        "/etc/apache2/apache2.conf",
        "/etc/my.cnf",
        "/etc/java.cfg",
        "/etc/run",
      ];
      const catalog = memoryCatalog({ ...debianRoot, ...programs, ...Object.fromEntries(places.map((path) => [path, text])), "/etc/nginx/other.conf": other, "/etc/nsswitch.conf": other }); // prettier-ignore
      const before = performance.now();
      const estimate = estimateStartup(catalog, { entrypoint: command.split(" "), cmd: [], env: ["X=1"], workingDir: "/etc", user: "", chunkSizeBytes: 4096 }, 1); // prettier-ignore
      for (const { value, low, high } of Object.values(estimate.measures)) {
        if (!(low >= 0 && low <= value && value <= high)) throw new Error(`interval ${low} ${value} ${high}`);
      }
      if (performance.now() - before > 10_000) throw new Error("took over 10 s");
    },
  );
  expect(count).toBeGreaterThan(5);
});
