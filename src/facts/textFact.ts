/**
 * Small files that decide what starts, kept as text: one row per kind. Rows are tried in order; where a file is larger than
 * its row allows, or only some of its lines matter, `keep` thins it out.
 */
import { parseJsonObject } from "../base/json.ts";
import type { TarEntry } from "../image/image.ts";
import { erlangBootText } from "./erlangBoot.ts";
import type { TextFact } from "./fileFact.ts";
import { ldSoCacheText } from "./ldSoCache.ts";

interface TextRow {
  /** What the row is for. */
  readonly about: string;
  readonly path: RegExp;
  readonly limitBytes: number;
  /** What is worth keeping; absent means all of it. Undefined: nothing. */
  keep?(content: Uint8Array): string | undefined;
}

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

/** Fields of package.json that decide what Node loads or which package a file belongs to. */
const packageFields = ["name", "version", "main", "module", "type", "exports", "imports", "bin", "browser"];

const rows: readonly TextRow[] = [
  { about: "Node package", path: /\/package\.json$/, limitBytes: 4 * mebibyte, keep: packageJson },
  { about: "Python path file", path: /\.pth$/, limitBytes: 64 * kibibyte },
  { about: "Python package", path: /\.(dist|egg)-info\/(METADATA|PKG-INFO)$|\.egg-info$/, limitBytes: 4 * mebibyte, keep: nameAndVersion },
  { about: "Python package", path: /\.(dist|egg)-info\/(entry_points|top_level)\.txt$/, limitBytes: 64 * kibibyte },
  { about: "Python package's files", path: /\.(dist-info\/RECORD|egg-info\/(SOURCES|installed-files)\.txt)$/, limitBytes: 8 * mebibyte },
  { about: "Python environment", path: /\/pyvenv\.cfg$|\/python\d*(\.\d+)?\._pth$/, limitBytes: 64 * kibibyte },
  { about: "conda package", path: /\/conda-meta\/[^/]+\.json$/, limitBytes: 8 * mebibyte, keep: condaPackage },
  { about: "linker's cache", path: /^\/etc\/ld\.so\.cache$/, limitBytes: 8 * mebibyte, keep: ldSoCacheText },
  {
    about: "linker's folders",
    path: /^\/etc\/ld\.so\.(conf|preload)$|^\/etc\/ld\.so\.conf\.d\/|^\/etc\/ld-musl-[^/]+\.path$/,
    limitBytes: 64 * kibibyte,
  },
  { about: "Erlang boot script", path: /\.boot$/, limitBytes: 4 * mebibyte, keep: erlangBootText },
  { about: "Erlang release", path: /\/releases\/start_erl\.data$/, limitBytes: kibibyte },
  { about: "Erlang application", path: /\/ebin\/[\w.-]+\.app$/, limitBytes: 256 * kibibyte },
  { about: "Ruby gems", path: /\/Gemfile\.lock$/, limitBytes: mebibyte },
  { about: "R package", path: /\/(?:site-)?library\/[^/]+\/(?:DESCRIPTION|NAMESPACE)$/, limitBytes: 64 * kibibyte },
  {
    about: "PHP settings",
    path: /^\/usr\/local\/etc\/(?:php|php-fpm)[^/]*(?:\/.*)?\.(?:ini|conf)$|^\/usr\/local\/etc\/.*\.conf(?:\.default)?$/,
    limitBytes: 256 * kibibyte,
    keep: plainText,
  },
  { about: "users", path: /^\/etc\/(passwd|group)$/, limitBytes: mebibyte },
  { about: "distribution", path: /^\/(etc|usr\/lib)\/os-release$/, limitBytes: 64 * kibibyte },
  { about: "Debian packages", path: /^\/var\/lib\/dpkg\/(status|info\/[^/]+\.list|status\.d\/[^/]+)$/, limitBytes: 32 * mebibyte },
  { about: "Alpine packages", path: /^\/(usr\/)?lib\/apk\/db\/installed$/, limitBytes: 32 * mebibyte },
  { about: "model", path: /\/(config|model_index|generation_config)\.json$/, limitBytes: 64 * kibibyte },
  { about: "model's shards", path: /\.index\.json$/, limitBytes: 8 * mebibyte, keep: modelIndex },
  {
    about: "settings of servers",
    // Keys and password hashes say nothing about startup and do not belong into a cache.
    path: /^\/etc\/(?!ssl\/|pki\/|ssh\/|alternatives\/|(.*\/)?(g?shadow-?|opasswd|sudoers.*|\.pgpass|[^/]*\.(key|pem|p12|jks))$)/,
    limitBytes: mebibyte,
    keep: serverSettings,
  },
  {
    about: "settings of servers",
    path: /^\/(usr\/local\/)?(nginx|openresty|etc|conf)\/.*\.(conf|cfg)$|\/nginx[^/]*\/.*\.conf$/,
    limitBytes: 64 * kibibyte,
    keep: plainText,
  },
  {
    about: "settings of the application",
    path: /^\/(?!usr\/|lib|s?bin\/|var\/|proc\/|sys\/|dev\/)(?!.*\/(site-packages|dist-packages|node_modules|conda-meta|pkgs|share|include)\/).*(\.(toml|ya?ml|json|ini|cfg|env|conf|properties)|\/(\.env[^/]*|Procfile))$/,
    limitBytes: 64 * kibibyte,
    keep: plainText,
  },
];

/** The row for an entry, by its path and size. */
export function textRow(entry: TarEntry): TextRow | undefined {
  return rows.find((row) => entry.sizeBytes <= row.limitBytes && row.path.test(entry.path));
}

export function readText(entry: TarEntry, content: Uint8Array): TextFact | undefined {
  const row = textRow(entry);
  const text = row?.keep === undefined ? decode(content) : row.keep(content);
  return row === undefined || text === undefined ? undefined : { kind: "text", text };
}

function decode(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.length).toString("utf8");
}

function plainText(content: Uint8Array): string | undefined {
  return content.includes(0) ? undefined : decode(content);
}

/** Large ones are mostly explanations. */
function serverSettings(content: Uint8Array): string | undefined {
  const text = plainText(content);
  if (text === undefined || text.length <= 64 * kibibyte) return text;
  return text.replace(/^[ \t]*(?:[#;].*)?\n/gm, "").slice(0, 64 * kibibyte);
}

function packageJson(content: Uint8Array): string | undefined {
  const text = decode(content);
  return content.length <= 64 * kibibyte ? text : pick(text, packageFields);
}

function nameAndVersion(content: Uint8Array): string | undefined {
  const lines = decode(content.subarray(0, 16 * kibibyte)).split(/\r?\n/, 200);
  const end = lines.indexOf("");
  const header = end < 0 ? lines : lines.slice(0, end);
  return header.filter((line) => /^(Name|Version):/.test(line)).join("\n") || undefined;
}

function condaPackage(content: Uint8Array): string | undefined {
  return pick(decode(content), ["name", "version", "files"]);
}

/** `weight_map` has one line per tensor; the names of the shards are enough. */
function modelIndex(content: Uint8Array): string | undefined {
  const index = parseJsonObject(decode(content));
  const weightMap = index?.["weight_map"];
  if (typeof weightMap !== "object" || weightMap === null) return undefined;
  const shards = [...new Set(Object.values(weightMap).filter((shard) => typeof shard === "string"))];
  return JSON.stringify({ weight_map: Object.fromEntries(shards.map((shard) => [shard, shard])) });
}

function pick(text: string, fields: readonly string[]): string | undefined {
  const object = parseJsonObject(text);
  if (object === undefined) return undefined;
  return JSON.stringify(Object.fromEntries(fields.filter((field) => Object.hasOwn(object, field)).map((field) => [field, object[field]])));
}
