import { arch } from "node:os";
import { badPlatform, platformMismatch } from "./errors.ts";
import type { Platform } from "./image.ts";

/** Other words for architectures, as containerd's `platforms` package normalises them. */
const architectureNames: ReadonlyMap<string, { architecture: string; variant?: string }> = new Map([
  ["x86_64", { architecture: "amd64" }],
  ["x86-64", { architecture: "amd64" }],
  ["x64", { architecture: "amd64" }],
  ["aarch64", { architecture: "arm64" }],
  ["armhf", { architecture: "arm", variant: "v7" }],
  ["armel", { architecture: "arm", variant: "v6" }],
  ["ia32", { architecture: "386" }],
  ["i386", { architecture: "386" }],
  ["ppc64el", { architecture: "ppc64le" }],
]);

/** Reads `linux/arm64/v8`; throws `bad-usage` when it is none. */
export function parsePlatform(text: string): Platform {
  const parts = text.trim().toLowerCase().split("/");
  const [os, architecture, variant] = parts;
  if (!os || !architecture || parts.length > 3 || parts.some((part) => !/^[a-z0-9._-]+$/.test(part))) throw badPlatform(text);
  return normalizePlatform({ os, architecture, variant });
}

export function printPlatform(platform: Platform): string {
  return [platform.os, platform.architecture, ...(platform.variant ? [platform.variant] : [])].join("/");
}

/** One spelling per platform: `arm64` and `arm64/v8` are one, as are `arm` and `arm/v7`, `amd64` and `amd64/v1`. */
export function normalizePlatform(platform: Platform): Platform {
  const os = platform.os.toLowerCase() === "macos" ? "darwin" : platform.os.toLowerCase();
  const name = platform.architecture.toLowerCase();
  const known = architectureNames.get(name);
  const architecture = known?.architecture ?? name;
  let variant = platform.variant?.toLowerCase() || known?.variant;
  if (variant !== undefined && /^\d+$/.test(variant)) variant = `v${variant}`;
  if (architecture === "arm64" && variant === "v8") variant = undefined;
  if (architecture === "amd64" && variant === "v1") variant = undefined;
  if (architecture === "arm") variant ??= "v7";
  return variant === undefined ? { os, architecture } : { os, architecture, variant };
}

/** What container engines run on this machine: always Linux, on macOS and Windows in a virtual machine. */
export function defaultPlatform(machine: string = arch()): Platform {
  return normalizePlatform({ os: "linux", architecture: machine });
}

/**
 * How well something built for `offered` serves `wanted`: 0 is exactly right, higher is a lower variant that still runs there,
 * undefined does not run. An `amd64` machine of unknown level runs no `amd64/v3`.
 */
export function platformDistance(wanted: Platform, offered: Platform): number | undefined {
  const want = normalizePlatform(wanted);
  const have = normalizePlatform(offered);
  if (want.os !== have.os || want.architecture !== have.architecture) return undefined;
  if (want.variant === have.variant) return 0;
  const wantLevel = variantLevel(want);
  const haveLevel = variantLevel(have);
  if (wantLevel === undefined || haveLevel === undefined || haveLevel > wantLevel) return undefined;
  return wantLevel - haveLevel;
}

/**
 * The candidate that serves `wanted` best. When nobody asked for a platform and there is only one image, it is that one:
 * it was surely meant. Throws `platform-mismatch`.
 */
export function choosePlatform<T extends { readonly platform?: Platform | undefined }>(
  candidates: readonly T[],
  wanted: Platform | undefined,
): T {
  const target = wanted ?? defaultPlatform();
  let best: { candidate: T; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = candidate.platform && platformDistance(target, candidate.platform);
    if (distance !== undefined && (!best || distance < best.distance)) best = { candidate, distance };
  }
  if (best) return best.candidate;
  const [only] = candidates;
  if (candidates.length === 1 && only && (!wanted || !only.platform)) return only;
  throw platformMismatch(
    printPlatform(target),
    candidates.flatMap((candidate) => (candidate.platform ? printPlatform(candidate.platform) : [])),
  );
}

function variantLevel(platform: Platform): number | undefined {
  if (platform.variant === undefined) return platform.architecture === "arm64" ? 8 : 1;
  const match = /^v(\d+)(?:\.\d+)?$/.exec(platform.variant);
  return match ? Number(match[1]) : undefined;
}
