import { describe, expect, test } from "vitest";
import { estimateStartup } from "../../../src/startup/estimate.ts";
import { directives } from "../../../src/startup/servers/nginx.ts";
import { debianRoot, elf, program } from "../../fakes/elf.ts";
import { memoryCatalog, type MemoryFile } from "../../fakes/memoryCatalog.ts";

/** What is opened beside programs, the linker's and the C library's files. */
function check(
  name: string,
  cmd: readonly string[],
  files: Readonly<Record<string, MemoryFile>>,
  expected: readonly string[],
  env: readonly string[] = [],
): void {
  // prettier-ignore
  test(name, () => {
    const question = { entrypoint: [], cmd, env, workingDir: "/app", user: "", chunkSizeBytes: 4_194_304 };
    const catalog = memoryCatalog({ ...debianRoot, "/app": { directory: true }, ...files });
    const rules = new Set(["entry", "elf", "linker", "account", "timezone", "locale", "name"]);
    const opened = estimateStartup(catalog, question, 1).files.filter(({ rule }) => !rules.has(rule));
    expect(opened.map(({ path }) => path)).toEqual(expected);
  });
}

const file = { sizeBytes: 100 };

describe("nginx", () => {
  const nginx = { "/usr/sbin/nginx": program() };
  const main = `
user www-data; # include /etc/nginx/commented.conf;
include /etc/nginx/modules-enabled/*.conf;
http { include mime.types; include conf.d/*.conf; log_format main '$remote_addr; "x" {';
}`;
  const site = `server { listen 443 ssl; server_name "a;b";
  ssl_certificate /etc/tls/a.crt; ssl_certificate_key tls/a.key; ssl_dhparam $where;
  location / { root /srv/www; } }`;
  const tree = {
    ...nginx,
    "/etc/nginx/nginx.conf": main,
    "/etc/nginx/commented.conf": "x on;",
    "/etc/nginx/mime.types": "types { text/html html; }",
    "/etc/nginx/conf.d/a.conf": site,
    "/etc/nginx/conf.d/b.off": "include /etc/nginx/commented.conf;",
    "/etc/nginx/tls/a.key": file,
    "/etc/tls/a.crt": file,
    "/srv/www/index.html": file,
    "/srv/www/other.html": file,
    "/etc/nginx/modules-enabled/50-m.conf": { link: "/usr/share/nginx/modules-available/m.conf" },
    "/usr/share/nginx/modules-available/m.conf": "load_module modules/ngx_m.so;",
    "/usr/share/nginx/modules/ngx_m.so": elf({ needed: ["libm.so"] }),
    "/usr/lib/libm.so": elf(),
  };
  check("includes, modules, certificates and the start page", ["nginx", "-g", "daemon off;"], tree, [
    "/etc/nginx/conf.d/a.conf",
    "/etc/nginx/mime.types",
    "/etc/nginx/nginx.conf",
    "/etc/nginx/tls/a.key",
    "/etc/tls/a.crt",
    "/srv/www/index.html",
    "/usr/lib/libm.so",
    "/usr/share/nginx/modules-available/m.conf",
    "/usr/share/nginx/modules/ngx_m.so",
  ]);
  check("another configuration", ["nginx", "-c", "/my.conf"], { ...tree, "/my.conf": "events {}" }, ["/my.conf"]);
  check("a configuration that includes itself ends", ["nginx"], { ...nginx, "/etc/nginx/nginx.conf": "include *.conf;" }, [
    "/etc/nginx/nginx.conf",
  ]);

  test("directives keep quoted words, lines and blocks apart", () => {
    expect(directives("a 'x; y' \"z\";\n# c;\nb { c d\\;e; }")).toEqual([
      { name: "a", values: ["x; y", "z"], line: 1 },
      { name: "b", values: [], line: 3 },
      { name: "c", values: ["d\\;e"], line: 3 },
    ]);
  });
});

describe("java", () => {
  const home = "/usr/lib/jvm/java-17";
  const java = {
    "/usr/bin/java": { link: `${home}/bin/java` },
    [`${home}/bin/java`]: program("libjli.so"),
    [`${home}/lib/libjli.so`]: elf(),
    [`${home}/lib/server/libjvm.so`]: elf({ needed: ["libstdc++.so.6"] }),
    [`${home}/lib/modules`]: { sizeBytes: 100_000_000 },
    [`${home}/lib/unused.dat`]: file,
    "/usr/lib/libstdc++.so.6": elf(),
    "/app/app.jar": file,
    "/app/lib/a.jar": file,
    "/app/lib/b.jar": file,
    "/app/agent.jar": file,
  };
  const runtime = ["/usr/lib/jvm/java-17/lib/libjli.so", `${home}/lib/modules`, `${home}/lib/server/libjvm.so`];
  const stdlib = "/usr/lib/libstdc++.so.6";
  check("the runtime and the jar", ["java", "-Xmx1g", "-jar", "app.jar"], java, ["/app/app.jar", ...runtime, stdlib].sort());
  check(
    "a class path with a wildcard",
    ["java", "-cp", "lib/*:/none", "Main"],
    java,
    ["/app/lib/a.jar", "/app/lib/b.jar", ...runtime, stdlib].sort(),
  );
  check("agents and options of the environment", ["java", "-jar", "app.jar"], java, ["/app/agent.jar", "/app/app.jar", ...runtime, stdlib].sort(), ["JAVA_TOOL_OPTIONS=-javaagent:/app/agent.jar=x=y"]); // prettier-ignore
  check(
    "an argument file",
    ["java", "@opts.cfg"],
    { ...java, "/app/opts.cfg": "-jar /app/app.jar\n" },
    ["/app/app.jar", "/app/opts.cfg", ...runtime, stdlib].sort(),
  );
});

describe("databases", () => {
  const bin = "/usr/lib/postgresql/15/bin";
  const share = "/usr/share/postgresql/15";
  check(
    "initdb reads its templates and runs the server",
    [`${bin}/initdb`],
    { [`${bin}/initdb`]: program(), [`${bin}/postgres`]: program(), [`${share}/postgres.bki`]: file, [`${share}/errcodes.txt`]: file, [`${share}/extension/plpgsql--1.0.sql`]: file, [`${share}/extension/plpgsql--1.0--1.1.sql`]: file, [`${share}/timezonesets/Default`]: file, "/usr/lib/postgresql/15/lib/plpgsql.so": elf() }, // prettier-ignore
    [
      "/usr/lib/postgresql/15/lib/plpgsql.so",
      `${share}/extension/plpgsql--1.0.sql`,
      `${share}/postgres.bki`,
      `${share}/timezonesets/Default`,
    ],
  );
  check(
    "redis reads what its configuration includes",
    ["redis-server", "/etc/redis.conf", "--port", "1"],
    { "/usr/bin/redis-server": program(), "/etc/redis.conf": "# include /no.conf\ninclude /etc/more.conf\nloadmodule /opt/m.so\n", "/etc/more.conf": "tls-cert-file /etc/c.pem\n", "/etc/c.pem": file, "/opt/m.so": elf(), "/no.conf": file }, // prettier-ignore
    ["/etc/c.pem", "/etc/more.conf", "/etc/redis.conf", "/opt/m.so"],
  );
});

describe("servers with one configuration file", () => {
  check("named by an option", ["envoy", "-c", "/etc/e.yaml"], { "/usr/bin/envoy": program(), "/etc/e.yaml": file }, ["/etc/e.yaml"]);
  check("the default place", ["haproxy"], { "/usr/sbin/haproxy": program(), "/etc/haproxy/haproxy.cfg": file }, [
    "/etc/haproxy/haproxy.cfg",
  ]);
  check(
    "apache's modules and includes",
    ["apache2", "-DFOREGROUND"],
    { "/usr/sbin/apache2": program(), "/etc/apache2/apache2.conf": "IncludeOptional mods-enabled/*.load\nInclude ports.conf\n", "/etc/apache2/mods-enabled/a.load": "LoadModule a_module /usr/lib/apache2/modules/mod_a.so\n", "/etc/apache2/ports.conf": "Listen 80\n", "/usr/lib/apache2/modules/mod_a.so": elf() }, // prettier-ignore
    ["/etc/apache2/apache2.conf", "/etc/apache2/mods-enabled/a.load", "/etc/apache2/ports.conf", "/usr/lib/apache2/modules/mod_a.so"],
  );
});

describe("any other program", () => {
  const named = { ...program(), filePaths: ["/etc/shop/shop.conf", "/etc/shop/absent.conf", "/usr/bin/env", "/etc/other.txt"] };
  check(
    "its configuration, whose path is written inside, and what that includes and names",
    ["/usr/sbin/shopd"],
    {
      "/usr/sbin/shopd": named,
      "/etc/shop/shop.conf": "# include no.conf\ninclude conf.d/*.conf\nkey = /srv/shop/key.pem\nlog /srv/shop/access.log\n",
      "/etc/shop/no.conf": file,
      "/etc/shop/conf.d/a.conf": "include-toplevel: /etc/shop/b.conf",
      "/etc/shop/b.conf": "",
      "/etc/other.txt": file,
      "/srv/shop/access.log": file,
    },
    ["/etc/shop/b.conf", "/etc/shop/conf.d/a.conf", "/etc/shop/shop.conf"],
  );
  const files = { "/usr/bin/server": program(), "/app/c.toml": file, "/app/d.toml": file };
  check(
    "a configuration that the environment names, folders and time zones in it",
    ["server"],
    {
      ...files,
      "/etc/notes/notes.toml":
        'Templates = "/usr/share/notes/templates"\nLog = "/var/log"\nZones = ["Europe/Vienna"]\n# "/usr/share/notes/commented"\n',
      "/usr/share/notes/templates/a.html": file,
      "/usr/share/notes/commented/b.html": file,
      "/var/log/x.txt": file,
      "/usr/share/zoneinfo/Europe/Vienna": file,
    },
    ["/etc/notes/notes.toml", "/usr/share/notes/templates/a.html"],
    ["NOTES_CONFIG=/etc/notes/notes.toml", "HOME=/var/log/x.txt"],
  );
  check("files that its arguments name", ["server", "--config=c.toml", "/app/d.toml", "none"], files, ["/app/c.toml", "/app/d.toml"]);
});
