import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { BuildContextFiles } from "../../src/dockerfile/buildContextFiles.ts";
import { provableFacts } from "../../src/dockerfile/provable.ts";

function contextOf(files: Readonly<Record<string, string>>): BuildContextFiles {
  const paths = new Map(Object.entries(files));
  const isFolder = (path: string): boolean => [...paths.keys()].some((name) => name.startsWith(`${path}/`));
  return {
    read: (path) => paths.get(path),
    exists: (path) => paths.has(path) || isFolder(path),
    list: (path) => [...paths.keys()].filter((name) => name.startsWith(`${path}/`)).map((name) => name.slice(path.length + 1)),
  };
}

/** `line summary` of each fact; lines from 1. */
function factsOf(text: string, files: Readonly<Record<string, string>> = {}): string[] {
  return provableFacts(parseDockerfile(text).value, contextOf(files)).map(({ range, summary }) => `${range.startLine + 1} ${summary}`);
}

function check(name: string, text: string, expected: readonly string[], files?: Readonly<Record<string, string>>): void {
  test(name, () => expect(factsOf(text, files)).toEqual(expected));
}

describe("stages", () => {
  check("never used", "FROM a AS test\nRUN t\nFROM a\n", ["1 never copied from: 0 bytes in the image"]);
  check(
    "copied from by name, number and image",
    "FROM a AS b\nFROM a\nFROM c\nCOPY --from=B /x /x\nCOPY --from=1 /y /y\nCOPY --from=nginx /z /z\n",
    ["1 only what COPY --from takes is in the image", "2 only what COPY --from takes is in the image"],
  );
  check("through others", "FROM a AS b\nFROM a AS c\nCOPY --from=b /x /x\nFROM d\nCOPY --from=c /x /x\n", [
    "1 only helps other stages: 0 bytes in the image",
    "2 only what COPY --from takes is in the image",
  ]);
  check("mounted", "FROM a AS b\nFROM c\nRUN --mount=type=bind,from=b,target=/b x\n", ["1 only helps other stages: 0 bytes in the image"]);
  check("the chain says nothing", "FROM a AS b\nFROM b\n", []);
  check("a name from a variable may be any stage", "FROM a AS b\nFROM c\nARG S\nCOPY --from=$S /x /x\n", [
    "1 only what COPY --from takes is in the image",
  ]);
});

describe("what RUN leaves behind", () => {
  const lists = "2 leaves apt's package lists in the image";
  const pip = "leaves pip's download cache in the image";
  check("apt lists", "FROM a\nRUN apt-get update && apt-get install -y curl\n", [lists]);
  check("removed in the same RUN", "FROM a\nRUN apt-get update; apt-get install -y curl \\\n && rm -rf /var/lib/apt/lists/*\n", []);
  check("removed too late", "FROM a\nRUN apt-get update && apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/*\n", [lists]);
  check("in a mount", "FROM a\nRUN --mount=type=cache,target=/var/lib/apt apt-get update\n", []);
  check("in a heredoc", "FROM a\nRUN <<EOF\napt-get update\napt-get install -y curl\nEOF\n", [lists]);
  check("pip", "FROM a\nRUN pip install x\nRUN python3 -m pip install y\n", [`2 ${pip}`, `3 ${pip}`]);
  check("pip without a cache", "FROM a\nRUN pip install --no-cache-dir x\n", []);
  check("pip, turned off by ENV", "FROM a\nENV PIP_NO_CACHE_DIR=1\nRUN pip install x\n", []);
  check("a word in a string is no command", 'FROM a\nRUN echo "pip install x && apt-get update"\n', []);
  check("apk, dnf, conda, npm", "FROM a\nRUN apk add --update x\nRUN dnf install -y x\nRUN conda install x\nRUN npm ci\n", [
    "2 leaves apk's package index in the image",
    "3 leaves the package manager's cache in the image",
    "4 leaves conda's package cache in the image",
    "5 leaves npm's download cache in the image",
  ]);
  check("a stage that is only copied from", "FROM a AS b\nRUN pip install x\nFROM c\nCOPY --from=b /x /x\n", [
    "1 only what COPY --from takes is in the image",
  ]);
  check("build tools", "FROM a\nRUN apk add --no-cache gcc musl-dev git curl\n", ["2 build tools stay in the image: gcc, musl-dev, git"]);
  check("build tools removed", "FROM a\nRUN apk add --no-cache gcc && make && apk del gcc\n", []);
  check("a virtual group", "FROM a\nRUN apk add --no-cache --virtual .build gcc && apk del .build\n", []);
  check("chown of copied files", "FROM a\nWORKDIR /app\nCOPY . .\nRUN chown -R u:u /app && chmod +x /app/run.sh\n", [
    "4 copies /app a second time",
  ]);
  check("chmod of one copied file", "FROM a\nCOPY run.sh /run.sh\nRUN chmod +x /run.sh\n", ["3 copies /run.sh a second time"]);
  check("chmod of one's own file", "FROM a\nCOPY run.sh /run.sh\nRUN make && chmod +x /made\n", []);
  check("rm of copied files", "FROM a\nCOPY big.tar /tmp/big.tar\nRUN tar xf /tmp/big.tar && rm /tmp/big.tar\n", [
    "3 frees nothing: /tmp/big.tar stays in an earlier layer",
  ]);
  check("rm of a whole system folder says nothing", "FROM a\nCOPY x /tmp/\nRUN rm -rf /tmp\n", []);
});

describe("what the command starts", () => {
  const app = "import os, sys\nfrom fastapi import FastAPI\nimport numpy as np, pandas\nfrom . import near\nimport near\n  import late\n";
  check(
    "a script copied with its folder",
    'FROM a\nWORKDIR /srv\nCOPY . .\nCMD ["python", "-u", "app.py"]\n',
    ["4 starts app.py → fastapi, numpy, pandas"],
    {
      "app.py": app,
      "near.py": "",
    },
  );
  check(
    "module:app of a server",
    'FROM a\nWORKDIR /srv\nCOPY src/ ./\nCMD ["uvicorn", "pkg.main:app", "--port", "1"]\n',
    ["4 starts src/pkg/main.py → fastapi"],
    {
      "src/pkg/main.py": "from fastapi import FastAPI\nimport pkg.other\n",
      "src/pkg/other.py": "",
      pkg: "",
    },
  );
  check("shell form and -m", "FROM a\nCOPY tool /tool\nWORKDIR /\nCMD exec python -m tool\n", ["4 starts tool/__main__.py → click"], {
    "tool/__main__.py": "import click\n",
  });
  check(
    "a node script",
    'FROM a\nWORKDIR /app\nCOPY package.json server.js ./\nCMD ["node", "server"]\n',
    ["4 starts server.js → express, @scope/x"],
    {
      "server.js":
        "const e = require('express');\nimport y from \"@scope/x/sub\";\nrequire('node:fs'); require('./own'); require('fs/promises')\n",
    },
  );
  check("an entry script", 'FROM a\nCOPY --chmod=755 docker/entry.sh /entry.sh\nENTRYPOINT ["/entry.sh"]\n', ["3 starts docker/entry.sh"], {
    "docker/entry.sh": "#!/bin/sh\n",
  });
  check(
    "behind env, an init and a shell",
    'FROM a\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["/usr/bin/env", "A=1", "tini", "--", "bash", "-e", "entry.sh"]\n',
    ["4 starts entry.sh"],
    {
      "entry.sh": "",
    },
  );
  check("ignored files are not in the context", 'FROM a\nCOPY . /\nCMD ["python", "app.py"]\n', [], {
    "app.py": "",
    ".dockerignore": "*.py",
  });
  check("a script from elsewhere", 'FROM a\nCMD ["python", "/app.py"]\n', [], { "app.py": "" });
  check(
    "a file copied from another stage",
    'FROM b AS c\nFROM a\nCOPY --from=c /app.py /app.py\nCMD ["python", "/app.py"]\n',
    ["1 only what COPY --from takes is in the image"],
    { "app.py": "" },
  );
});
