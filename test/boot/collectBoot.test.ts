import { chmod, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { collectBoot, collectOverSsh, type RunStep } from "../../src/boot/collectBoot.ts";
import { insideHost, systemctlRecipe } from "../../src/boot/collectionRecipe.ts";
import { busRecipe } from "../../src/boot/node/busRecipe.ts";
import { correctedChain } from "../../src/boot/correctedChain.ts";
import { bytes, sampleFiles } from "./sampleBoots.ts";

const path = process.env["PATH"];
afterEach(() => {
  process.env["PATH"] = path;
});

/** The recipe's files out of a sample. */
function answers(sample: string): Readonly<Record<string, string>> {
  const files = sampleFiles(sample);
  return {
    "show-units.txt": files["show-min.txt"] ?? "",
    "show-manager.txt": files["show-manager.txt"] ?? "",
    "list-jobs.txt": files["list-jobs.txt"] ?? "",
    "clock.txt": files["clocks.txt"] ?? "",
    "journal.json": files["journal.json"] ?? "",
    "cloud-init.json": files["cloud-analyze-dump.json"] ?? "",
  };
}

test("a recipe's answers make the boot; what optional commands cannot tell is said", async () => {
  const told = answers("nspawn-kubelet-crashloop");
  const run: RunStep = (step) => {
    if (step.file === "journal.json") throw new Error("No journal files were opened due to insufficient permissions");
    return bytes(told[step.file] ?? "PRETTY_NAME=Test\n");
  };
  const boot = await collectBoot("node-a", systemctlRecipe, run, {});
  expect(boot.value).toMatchObject({ name: "node-a", machine: { osName: "Test" }, finishedUs: 18_280_785 });
  expect(boot.problems.map(({ message }) => message)).toEqual([
    "journalctl told nothing (No journal files were opened due to insufficient permissions).",
  ]);
  expect(correctedChain(boot.value, "kubelet.service")?.value.blocker?.why).toBe("restarts");
});

test("an old systemctl is asked for less", async () => {
  const told = answers("nspawn-normal");
  const asked: string[] = [];
  const run: RunStep = (step) => {
    asked.push(`${step.command} ${step.args[0]}`);
    if (step.args.includes("--timestamp=us+utc")) throw new Error("systemctl: unrecognized option '--timestamp=us+utc'");
    return bytes(told[step.file] ?? "PRETTY_NAME=Test\n");
  };
  const boot = await collectBoot("node-a", systemctlRecipe, run, {});
  expect(boot.problems).toEqual([]);
  expect(asked.slice(0, 3)).toEqual(["systemctl show", "systemctl show", "systemctl show"]);
});

test("a required command that fails or answers something else is an error", async () => {
  const failing: RunStep = () => {
    throw new Error("refused");
  };
  await expect(collectBoot("node-a", systemctlRecipe, failing, {})).rejects.toMatchObject({
    code: "boot-unreadable",
    message: "node-a tells of no boot: systemctl gave nothing that could be read: refused.",
  });
  await expect(collectBoot("node-a", systemctlRecipe, () => bytes("command not found\n"), {})).rejects.toMatchObject({
    code: "boot-unreadable",
  });
  await expect(collectBoot("node-a", systemctlRecipe, failing, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: "AbortError",
  });
});

test("inside the host's namespaces each command runs behind nsenter, with its environment", () => {
  const [step] = insideHost(systemctlRecipe).steps;
  expect([step?.command, ...(step?.args ?? [])].join(" ")).toMatch(
    /^nsenter -t 1 -m -u -i -n -p -- env LC_ALL=C\.UTF-8 .* systemctl show \* default\.target --all/,
  );
  expect(systemctlRecipe.steps.filter((other) => other.isRequired).map((other) => other.file)).toEqual([
    "show-units.txt",
    "show-manager.txt",
  ]);
  expect(busRecipe.environment["DBUS_SYSTEM_BUS_ADDRESS"]).toBe("unix:path=/run/dbus/system_bus_socket");
});

test("over ssh: words reach the other shell as they are, and nothing is asked", async () => {
  const bin = await fakeMachine("nspawn-failed");
  process.env["PATH"] = `${bin}:${path}`;
  const boot = await collectOverSsh("admin@node-a", {});
  expect(boot.value.name).toBe("admin@node-a");
  expect(boot.problems.map(({ message }) => message)).toEqual(["cloud-init told nothing (cloud-init: not here)."]);
  expect(correctedChain(boot.value, "kubelet.service")?.value.blocker).toMatchObject({
    unit: "nvidia-driver-install.service",
    why: "failed",
  });
});

test("over ssh: hosts that are options, unknown hosts and a missing ssh", async () => {
  for (const host of ["-oProxyCommand=touch /tmp/x", "", "a b"]) {
    await expect(collectOverSsh(host, {})).rejects.toMatchObject({
      code: "ssh-failed",
      message: expect.stringContaining("no name of a host") as string,
    });
  }
  const empty = await mkdtemp(join(tmpdir(), "bin-"));
  process.env["PATH"] = empty;
  await expect(collectOverSsh("node-a", {})).rejects.toMatchObject({
    code: "ssh-failed",
    message: expect.stringContaining("there is no program ssh") as string,
  });
  await script(empty, "ssh", '#!/bin/sh\necho "ssh: Could not resolve hostname node-a: Name or service not known" >&2\nexit 255\n');
  await expect(collectOverSsh("node-a", {})).rejects.toMatchObject({
    code: "ssh-failed",
    message: expect.stringContaining("Could not resolve hostname node-a") as string,
  });
});

/** Programs as on a machine, and an ssh that hands its words to a shell as sshd does. */
async function fakeMachine(sample: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "machine-"));
  const bin = join(root, "bin");
  await mkdir(bin);
  const told = answers(sample);
  for (const [file, text] of Object.entries(told)) await writeFile(join(root, file), text);
  await script(
    bin,
    "ssh",
    '#!/bin/sh\nwhile [ "$1" != "--" ]; do case "$1" in BatchMode=yes) b=1;; esac; shift; done\n[ "$b" = 1 ] && [ "$2" = admin@node-a ] || exit 9\nshift 2\nexec sh -c "$*"\n',
  );
  await script(
    bin,
    "systemctl",
    `#!/bin/sh\n[ "$TZ" = UTC ] || exit 8\ncase "$1 $2" in\n"show *") cat ${root}/show-units.txt;;\n"show ") cat ${root}/show-manager.txt;;\n"list-jobs ") cat ${root}/list-jobs.txt;;\n*) exit 7;;\nesac\n`,
  );
  await script(bin, "journalctl", `#!/bin/sh\ncat ${root}/journal.json\n`);
  await script(bin, "cloud-init", '#!/bin/sh\necho "cloud-init: not here." >&2\nexit 127\n');
  return bin;
}

async function script(folder: string, name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text);
  await chmod(join(folder, name), 0o755);
}
