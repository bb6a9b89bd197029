// The notices of the packages that the programs are bundled from: who made them, and under which terms they may be passed on.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Holders of packages that name the MIT licence and leave its text out; as in the LICENSE of github.com/microsoft/fast. */
const holdersWithoutText = {
  "@microsoft/fast-element": "Microsoft Corporation. All rights reserved.",
  "@microsoft/fast-foundation": "Microsoft Corporation. All rights reserved.",
  "@microsoft/fast-web-utilities": "Microsoft Corporation. All rights reserved.",
};

const mitText = (holder) => `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;

/** Our own, for what is passed on without the rest of this package. */
export function ownLicence() {
  return readFileSync("LICENSE", "utf8").trim();
}

/** The folder of the package that a bundled file belongs to; undefined for our own files. */
function packageFolder(path) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

/** Every licence and notice that a package brings along; some have several. */
function termsIn(folder) {
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice|third[-_ ]?party)/i.test(name));
  return names.sort().map((name) => readFileSync(join(folder, name), "utf8").trim());
}

function noticeOf(folder) {
  const { name, version, license, homepage, repository } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const terms = termsIn(folder);
  const holder = holdersWithoutText[name];
  if (terms.length === 0 && license === "MIT" && holder !== undefined) terms.push(mitText(holder));
  if (terms.length === 0) throw new Error(`${name} ${version} is bundled, but has no licence text in ${folder}.`);
  const from = homepage ?? (typeof repository === "string" ? repository : repository?.url) ?? "";
  const head = [`${name} ${version}`, typeof license === "string" ? license : "", from].filter((line) => line !== "").join("\n");
  return { name, version, text: `${head}\n\n${terms.join("\n\n")}\n` };
}

/** The notices of what the metafiles tell was bundled; `head`: what contains it, in a sentence. Throws where a package has no licence text. */
export function noticesText(head, metafiles) {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs).flatMap((output) => Object.keys(output.inputs)));
  const folders = [...new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined))];
  const notices = folders.map(noticeOf).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
  const rule = `${"-".repeat(80)}\n`;
  return `${head}\n\n${notices.map(({ text }) => `${rule}${text}`).join("\n")}`;
}
