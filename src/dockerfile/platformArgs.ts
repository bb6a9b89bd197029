import type { Platform } from "../image/image.ts";

/** The arguments that BuildKit sets by itself (Dockerfile reference, "Automatic platform ARGs in the global scope"). */
export function platformArgs(target: Platform, build: Platform = target): Readonly<Record<string, string>> {
  return { ...describe("TARGET", target), ...describe("BUILD", build) };
}

function describe(prefix: string, platform: Platform): Record<string, string> {
  const { os, architecture, variant } = platform;
  return {
    [`${prefix}PLATFORM`]: [os, architecture, variant].filter(Boolean).join("/"),
    [`${prefix}OS`]: os,
    [`${prefix}ARCH`]: architecture,
    [`${prefix}VARIANT`]: variant ?? "",
  };
}

/** What a build on this machine would target: its architecture on linux. */
export function hostPlatform(): Platform {
  const names: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };
  return { os: "linux", architecture: names[process.arch] ?? process.arch };
}
