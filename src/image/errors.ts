import { UserError } from "../base/errors.ts";

/** Errors of finding and opening an image; those of reading a layer's bytes are in `layerErrors.ts`. */

export function badReference(name: string, why: string): UserError {
  return new UserError(
    "bad-reference",
    `"${shown(name)}" is no image name: ${why}.`,
    "Write a name such as python:3.12, docker://registry.example/team/app:1.0, oci:./folder:tag, oci-archive:./image.tar or docker-archive:./image.tar.",
  );
}

export function badPlatform(text: string): UserError {
  return new UserError("bad-usage", `"${shown(text)}" is no platform.`, "Write it as os/architecture[/variant], for example linux/arm64.");
}

export function badSetting(what: string, hint: string, cause?: unknown): UserError {
  return new UserError("bad-settings", what, hint, because(cause));
}

export function imageNotFound(what: string, hint = "Check the spelling of the name and the tag, and that it was pushed."): UserError {
  return new UserError("image-not-found", what, hint);
}

/** The image is there, but what it consists of contradicts itself or is missing. */
export function imageUnreadable(what: string, cause?: unknown): UserError {
  return new UserError(
    "image-unreadable",
    `The image cannot be read: ${what}.`,
    "Pull, push or save the image again; if that does not help, the tool that built it wrote it wrongly.",
    because(cause),
  );
}

/** The image may be right, but it is of a kind that Coldstart does not read. */
export function unsupportedImage(what: string, hint: string): UserError {
  return new UserError("unsupported-image", what, hint);
}

/** Platforms as they are printed. */
export function platformMismatch(wanted: string, available: readonly string[]): UserError {
  const list = [...new Set(available.map(shown))];
  const has = list.length === 0 ? "It names no platform." : `It is there for ${list.slice(0, 12).join(", ")}.`;
  return new UserError(
    "platform-mismatch",
    `The image is not there for ${wanted}. ${has}`,
    list.length === 0 ? "Choose another image." : `Choose one of them, for example with --platform ${list[0]}.`,
  );
}

export function digestMismatch(what: string, expected: string, actual: string): UserError {
  return new UserError(
    "digest-mismatch",
    `The digest of ${what} is ${actual}, but ${expected} was expected.`,
    "The content was damaged or replaced on its way. Try again; if it stays so, do not trust this copy of the image.",
  );
}

export function registryUnauthorized(host: string, repository: string, why: string): UserError {
  return new UserError(
    "registry-unauthorized",
    `The registry ${host} does not let you read ${repository}: ${why}.`,
    `Check the name, then sign in with "docker login ${host}" (or podman, skopeo); Coldstart uses the same stored credentials.`,
  );
}

export function registryUnreachable(host: string, why: string, cause?: unknown, hint?: string): UserError {
  return new UserError(
    "registry-unreachable",
    `The registry ${host} cannot be reached: ${why}.`,
    hint ?? "Check the name of the registry, the network and the proxy settings.",
    because(cause),
  );
}

export function registryFailed(host: string, why: string, cause?: unknown): UserError {
  return new UserError(
    "registry-failed",
    `The registry ${host} failed: ${why}.`,
    "Try again later; if it stays so, ask whoever runs the registry.",
    because(cause),
  );
}

export function daemonUnreachable(what: string, cause?: unknown): UserError {
  return new UserError(
    "daemon-unreachable",
    `No container engine answers: ${what}.`,
    'Start Docker or Podman ("podman system service", "systemctl start podman.socket"), set DOCKER_HOST, or name a registry with docker://.',
    because(cause),
  );
}

export function limitExceeded(what: string, hint: string): UserError {
  return new UserError("limit-exceeded", what, hint);
}

function because(cause: unknown): { cause: unknown } | undefined {
  return cause === undefined ? undefined : { cause };
}

/** Names come from anywhere and may be megabytes long or carry terminal control characters. */
export function shown(text: string): string {
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd");
  return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean;
}
