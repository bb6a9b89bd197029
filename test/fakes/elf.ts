import type { ElfFact } from "../../src/facts/fileFact.ts";

/** An ELF fact of x86-64 with sizes of a middling library; give what matters to the test. */
export function elf(fact: Partial<ElfFact> = {}): ElfFact {
  return {
    kind: "elf",
    machine: 62,
    needed: [],
    load: {
      linkPages: 15,
      linkRuns: [0, 2],
      constructors: 1,
      symbolBytes: 20_000,
      textBytes: 100_000,
      rodataBytes: 20_000,
      dataBytes: 4000,
    },
    ...fact,
  };
}

/** A dynamically linked program of a glibc image. */
export function program(...needed: string[]): ElfFact {
  return elf({ interpreter: "/lib64/ld-linux-x86-64.so.2", needed: [...needed, "libc.so.6"] });
}

/** The least that a Debian-like root has: merged /usr, loader, C library, a shell and accounts. */
export const debianRoot = {
  "/lib": { link: "usr/lib" },
  "/lib64": { link: "usr/lib64" },
  "/bin": { link: "usr/bin" },
  "/usr/lib64/ld-linux-x86-64.so.2": { link: "../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" },
  "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2": elf({ soname: "ld-linux-x86-64.so.2" }),
  "/usr/lib/x86_64-linux-gnu/libc.so.6": elf({ soname: "libc.so.6", needed: ["ld-linux-x86-64.so.2"] }),
  "/usr/bin/sh": { link: "dash" },
  "/usr/bin/dash": program(),
  "/usr/bin/bash": program("libtinfo.so.6"),
  "/usr/bin/env": program(),
  "/usr/bin/mkdir": program("libselinux.so.1"),
  "/usr/lib/x86_64-linux-gnu/libtinfo.so.6": elf({ soname: "libtinfo.so.6" }),
  "/etc/ld.so.cache": { kind: "text", text: "" },
  "/etc/passwd": "root:x:0:0:root:/root:/bin/bash\napp:x:1500:1500::/home/app:/bin/sh\n",
  "/etc/group": "root:x:0:\napp:x:1500:\n",
} as const;
