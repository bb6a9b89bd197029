import { describe, expect, test } from "vitest";
import type { FileFact } from "../../src/facts/fileFact.ts";
import { linkClosure } from "../../src/startup/elf.ts";
import { debianRoot, elf, program } from "../fakes/elf.ts";
import { memoryCatalog, type MemoryFile } from "../fakes/memoryCatalog.ts";

/** Checks what is mapped beside the program itself, the loader and the C library. */
function check(
  name: string,
  files: Readonly<Record<string, MemoryFile>>,
  expected: readonly string[],
  {
    path = "/app/bin/server",
    env = {},
    loaded,
  }: { path?: string; env?: Readonly<Record<string, string>>; loaded?: ReadonlyMap<string, string> } = {},
): void {
  test(name, () => {
    const closure = linkClosure(memoryCatalog({ ...debianRoot, ...files }), path, new Map(Object.entries(env)), loaded);
    const found = closure
      .map((object) => object.path)
      .filter((one) => !/\/(ld-linux-x86-64\.so\.2|libc\.so\.6)$/.test(one) && !/\/server$/.test(one) && one !== path);
    expect(found).toEqual(expected);
  });
}

const library = elf({ soname: "liba.so.1" });
const cache = (...lines: string[]): FileFact => ({ kind: "text", text: lines.join("\n") });

describe("glibc", () => {
  check("a default folder", { "/app/bin/server": program("liba.so.1"), "/usr/lib/x86_64-linux-gnu/liba.so.1": { link: "liba.so.1.2" }, "/usr/lib/x86_64-linux-gnu/liba.so.1.2": library }, ["/usr/lib/x86_64-linux-gnu/liba.so.1.2"]); // prettier-ignore
  check("the cache goes before the default folders", { "/app/bin/server": program("liba.so.1"), "/etc/ld.so.cache": cache("liba.so.1 /opt/lib/liba.so.1"), "/opt/lib/liba.so.1": library, "/usr/lib/liba.so.1": library }, ["/opt/lib/liba.so.1"]); // prettier-ignore
  check("RUNPATH with $ORIGIN, after symlinks", { "/usr/local/bin/s": { link: "/app/bin/server" }, "/app/bin/server": elf({ ...program("liba.so.1"), runpath: "${ORIGIN}/../lib:/x" }), "/app/lib/liba.so.1": library }, ["/app/lib/liba.so.1"], { path: "/usr/local/bin/s" }); // prettier-ignore
  check("LD_LIBRARY_PATH goes before RUNPATH and after RPATH", { "/app/bin/server": elf({ ...program("liba.so.1", "libb.so"), runpath: "/run" }), "/env/liba.so.1": library, "/run/liba.so.1": library, "/run/libb.so": elf() }, ["/env/liba.so.1", "/run/libb.so"], { env: { LD_LIBRARY_PATH: "/env" } }); // prettier-ignore
  check("RPATH of the program serves its libraries", { "/app/bin/server": elf({ ...program("liba.so.1"), rpath: "/r" }), "/r/liba.so.1": elf({ needed: ["libb.so"] }), "/r/libb.so": elf() }, ["/r/liba.so.1", "/r/libb.so"]); // prettier-ignore
  check("RUNPATH of the program does not", { "/app/bin/server": elf({ ...program("liba.so.1"), runpath: "/r" }), "/r/liba.so.1": elf({ needed: ["libb.so"] }), "/r/libb.so": elf() }, ["/r/liba.so.1"]); // prettier-ignore
  check("a file for another machine is passed over", { "/app/bin/server": elf({ ...program("liba.so.1"), rpath: "/arm:/x86" }), "/arm/liba.so.1": elf({ machine: 183 }), "/x86/liba.so.1": library }, ["/x86/liba.so.1"]); // prettier-ignore
  check("what is mapped under its soname is not searched again", { "/app/bin/server": elf({ ...program("/app/x.so", "liba.so.1"), rpath: "/r" }), "/app/x.so": library, "/r/liba.so.1": library }, ["/app/x.so"]); // prettier-ignore
  check("LD_PRELOAD and /etc/ld.so.preload come first", { "/app/bin/server": program("liba.so.1"), "/usr/lib/liba.so.1": library, "/p/one.so": elf(), "/p/two.so": elf(), "/etc/ld.so.preload": cache("/p/two.so") }, ["/p/one.so", "/p/two.so", "/usr/lib/liba.so.1"], { env: { LD_PRELOAD: "/p/one.so" } }); // prettier-ignore
  check("$LIB and $PLATFORM", { "/app/bin/server": elf({ ...program("liba.so.1", "libb.so"), rpath: "/o/$LIB:/o/${PLATFORM}" }), "/o/lib/x86_64-linux-gnu/liba.so.1": library, "/o/x86_64/libb.so": elf() }, ["/o/lib/x86_64-linux-gnu/liba.so.1", "/o/x86_64/libb.so"]); // prettier-ignore
  check("a missing library is left out", { "/app/bin/server": program("gone.so") }, []);
  check("an extension module finds what the process has mapped", { "/app/m.so": elf({ needed: ["libpython3.11.so.1.0", "liba.so.1"] }), "/opt/libpython.so": elf(), "/usr/lib/liba.so.1": library }, ["/opt/libpython.so", "/usr/lib/liba.so.1"], { path: "/app/m.so", loaded: new Map([["libpython3.11.so.1.0", "/opt/libpython.so"]]) }); // prettier-ignore
  check("a static program needs nothing", { "/app/bin/server": elf() }, []);
  check("libraries that need each other end", { "/app/bin/server": program("liba.so.1"), "/usr/lib/liba.so.1": elf({ needed: ["libb.so"] }), "/usr/lib/libb.so": elf({ needed: ["liba.so.1"] }) }, ["/usr/lib/liba.so.1", "/usr/lib/libb.so"]); // prettier-ignore
});

describe("musl", () => {
  const alpine = {
    "/lib/ld-musl-x86_64.so.1": elf(),
    "/lib/libc.musl-x86_64.so.1": { link: "ld-musl-x86_64.so.1" },
    "/bin/server": elf({ interpreter: "/lib/ld-musl-x86_64.so.1", needed: ["libz.so.1", "libc.musl-x86_64.so.1"] }),
    "/usr/lib/libz.so.1": elf({ needed: ["libc.musl-x86_64.so.1"] }),
  };
  const closure = (files: Readonly<Record<string, MemoryFile>>): string[] =>
    linkClosure(memoryCatalog(files), "/bin/server", new Map()).map((object) => object.path);

  test("the loader is the C library", () => {
    expect(closure(alpine)).toEqual(["/bin/server", "/lib/ld-musl-x86_64.so.1", "/usr/lib/libz.so.1"]);
  });

  test("the path file replaces the default folders", () => {
    const files = { ...alpine, "/etc/ld-musl-x86_64.path": "/opt/lib\n/usr/lib\n", "/opt/lib/libz.so.1": elf() };
    expect(closure(files)).toEqual(["/bin/server", "/lib/ld-musl-x86_64.so.1", "/opt/lib/libz.so.1"]);
  });
});
