import { describe, expect, test } from "vitest";
import type { EffectiveConfig } from "../../src/dockerfile/dockerfile.ts";
import { effectiveConfig } from "../../src/dockerfile/effectiveConfig.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { ImageConfig } from "../../src/image/image.ts";

const base: ImageConfig = {
  entrypoint: ["/base"],
  cmd: ["base-cmd"],
  env: ["PATH=/bin", "X=base=1"],
  workingDir: "/base-dir",
  user: "base-user",
  labels: {},
  history: [],
  onBuild: [],
};

function configOf(text: string, baseConfig?: ImageConfig, buildArgs?: Record<string, string>): EffectiveConfig {
  const dockerfile = parseDockerfile(text, buildArgs).value;
  return effectiveConfig(dockerfile, dockerfile.stages.length - 1, baseConfig, buildArgs);
}

function check(
  name: string,
  text: string,
  expected: Partial<EffectiveConfig>,
  baseConfig?: ImageConfig,
  args?: Record<string, string>,
): void {
  test(name, () => expect(configOf(text, baseConfig, args)).toMatchObject(expected));
}

describe("ENTRYPOINT and CMD", () => {
  check("all from the base image", "FROM b\n", { entrypoint: ["/base"], cmd: ["base-cmd"], unknown: [] }, base);
  check("ENTRYPOINT clears the base image's CMD", 'FROM b\nENTRYPOINT ["a"]\n', { entrypoint: ["a"], cmd: [] }, base);
  check("but not the stage's own", 'FROM b\nCMD ["c"]\nENTRYPOINT ["a"]\n', { entrypoint: ["a"], cmd: ["c"] }, base);
  check("CMD keeps the base image's ENTRYPOINT", 'FROM b\nCMD ["c"]\n', { entrypoint: ["/base"], cmd: ["c"] }, base);
  check(
    "ENTRYPOINT clears the CMD of the stage below",
    'FROM b AS x\nCMD ["c"]\nFROM x\nENTRYPOINT ["a"]\n',
    { entrypoint: ["a"], cmd: [] },
    base,
  );
  check("shell form", "FROM b\nCMD exec python $X \\\n app.py\n", { cmd: ["/bin/sh", "-c", "exec python $X  app.py"] }, base);
  check("SHELL", 'FROM b AS x\nSHELL ["/bin/bash", "-ec"]\nFROM x\nCMD a\n', { cmd: ["/bin/bash", "-ec", "a"] }, base);
  check("broken JSON is shell form", "FROM b\nCMD ['a']\n", { cmd: ["/bin/sh", "-c", "['a']"] }, base);
  check("emptied", "FROM b\nENTRYPOINT []\n", { entrypoint: [], cmd: [] }, base);
});

describe("settings", () => {
  check(
    "ENV over base, arguments and earlier values",
    "FROM b\nARG V=2\nENV A=$V B=\"x $A\" X='$A'\nENV A=3 C=$A\n",
    {
      env: ["PATH=/bin", "X=$A", "A=3", "B=x ", "C=2"],
    },
    base,
  );
  check("ENV wins over ARG", "FROM b\nENV V=env\nARG V=arg\nENV R=$V\n", { env: ["PATH=/bin", "X=base=1", "V=env", "R=env"] }, base);
  check("a build argument", "FROM b\nARG V=1\nUSER u$V\n", { user: "u9" }, base, { V: "9" });
  check(
    "a global argument must be declared again",
    "ARG V=g\nFROM b AS a\nUSER u$V\nFROM a\nARG V\nUSER $USER w$V\n",
    { user: " wg" },
    base,
  );
  check("the old form of ENV", "FROM b\nENV A one  two\n", { env: ["PATH=/bin", "X=base=1", "A=one  two"] }, base);
  check("WORKDIR is relative to the last one", "FROM b\nWORKDIR x\nWORKDIR ../y/./z\n", { workingDir: "/base-dir/y/z" }, base);
  check("scratch", "FROM scratch\nWORKDIR a\n", {
    workingDir: "/a",
    env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    unknown: [],
  });
});

describe("ONBUILD", () => {
  check(
    "triggers of the base image run first",
    "FROM b\nENV B=$A\n",
    { env: ["PATH=/bin", "X=base=1", "A=1", "B=1"], workingDir: "/t" },
    {
      ...base,
      onBuild: ["ENV A=1", "WORKDIR /t"],
    },
  );
  check(
    "a stage's own triggers run in the stage built on it, once",
    'FROM b AS x\nONBUILD CMD ["t"]\nFROM x AS y\nFROM y\n',
    { cmd: ["t"] },
    base,
  );
  check("and not in the stage itself", 'FROM b AS x\nONBUILD CMD ["t"]\n', { cmd: ["base-cmd"] }, base);
});

describe("without the base image's config", () => {
  check("everything is unknown", "FROM b\n", { unknown: ["entrypoint", "cmd", "env", "workingDir", "user"] });
  check("what is set is known", 'FROM b\nENTRYPOINT ["a"]\nWORKDIR /w\nUSER u\n', {
    unknown: ["env"],
    entrypoint: ["a"],
    cmd: [],
    workingDir: "/w",
  });
  check("a relative WORKDIR is not", "FROM b\nWORKDIR w\n", {
    unknown: ["entrypoint", "cmd", "env", "workingDir", "user"],
    workingDir: "",
  });
  check("a value that extends an unknown one is left to the image", "FROM b\nENV PATH=/x:$PATH A=1\n", { env: ["A=1"] });
  check("an argument without a value", "FROM scratch\nARG U\nUSER $U\nWORKDIR $U\n", { unknown: ["user", "workingDir"] });
});
