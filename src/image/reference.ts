import { isDigest } from "./digest.ts";
import { badReference } from "./errors.ts";
import type { Digest } from "./image.ts";

/** A name in a registry, with Docker Hub's short forms already written out. */
export interface RegistryReference {
  /** As people write it: `docker.io`, `localhost:5000`. */
  readonly host: string;
  readonly repository: string;
  /** `latest` when neither tag nor digest was given. */
  readonly tag?: string | undefined;
  readonly digest?: Digest | undefined;
}

/** skopeo's transports (containers-transports(5)). `bare` is a name without one: the engine's image, else the registry's. */
export type ImageReference =
  | ({ readonly transport: "docker" } & RegistryReference)
  | ({ readonly transport: "bare"; readonly name: string } & RegistryReference)
  | { readonly transport: "oci"; readonly path: string; readonly selector: LayoutSelector }
  | { readonly transport: "oci-archive"; readonly path: string; readonly selector: LayoutSelector }
  | { readonly transport: "docker-archive"; readonly path: string; readonly selector: ArchiveSelector }
  | { readonly transport: "docker-daemon"; readonly name: string };

/** Which image of a layout is meant; all absent: the only one. */
export interface LayoutSelector {
  readonly tag?: string | undefined;
  readonly digest?: Digest | undefined;
  /** Place in `index.json`, from 0. */
  readonly index?: number | undefined;
}

/** Which image of an archive is meant; all absent: the only one. */
export interface ArchiveSelector {
  /** `name:tag`, as `docker save` was given it. */
  readonly name?: string | undefined;
  /** Place in `manifest.json`, from 0. */
  readonly index?: number | undefined;
}

type Transport = Exclude<ImageReference["transport"], "bare">;

const repositoryPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const hostPattern =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;

/** Throws `bad-reference` with the reason. */
export function parseReference(text: string): ImageReference {
  const name = text.trim();
  if (name === "") throw badReference(name, "it is empty");
  if (name.length > 4096) throw badReference(name, "it is too long");
  const transport = /^(docker|oci|oci-archive|docker-archive|docker-daemon):/.exec(name)?.[1] as Transport | undefined;
  const rest = transport ? name.slice(transport.length + 1) : name;
  switch (transport) {
    case "docker":
      if (rest.startsWith("//")) return { transport, ...parseRegistryName(rest.slice(2)) };
      break; // `docker:27` is an image of that name.
    case "oci":
    case "oci-archive":
      return { transport, ...layoutPath(rest, name) };
    case "docker-archive":
      return { transport, ...archivePath(rest, name) };
    case "docker-daemon":
      if (rest === "") throw badReference(name, "the name after docker-daemon: is missing");
      // The name becomes part of a URL's path.
      if (!/^\w[\w./:@-]*$/.test(rest) || rest.split("/").some((part) => /^\.*$/.test(part))) {
        throw badReference(name, "it has characters that no name may have");
      }
      return { transport, name: rest };
    case undefined:
      break;
  }
  if (/^(?:[./~]|[a-zA-Z]:[\\/])/.test(name)) {
    throw badReference(name, "it looks like a file; say what it is with oci:, oci-archive: or docker-archive: before the path");
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//.exec(name)?.[1];
  if (scheme) throw badReference(name, `${scheme}:// is not a known kind of image`);
  return { transport: "bare", name, ...parseRegistryName(name) };
}

export function printReference(reference: ImageReference): string {
  switch (reference.transport) {
    case "docker":
    case "bare":
      return `docker://${printRegistryName(reference)}`;
    case "oci":
    case "oci-archive": {
      const { tag, digest, index } = reference.selector;
      if (index !== undefined) return `${reference.transport}:${reference.path}:@${index}`;
      return `${reference.transport}:${reference.path}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
    }
    case "docker-archive": {
      const { name, index } = reference.selector;
      if (index !== undefined) return `docker-archive:${reference.path}:@${index}`;
      return `docker-archive:${reference.path}${name === undefined ? "" : `:${name}`}`;
    }
    case "docker-daemon":
      return `docker-daemon:${reference.name}`;
  }
}

export function printRegistryName(reference: RegistryReference): string {
  const { host, repository, tag, digest } = reference;
  return `${host}/${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** The host that serves the API for a host as people write it: Docker Hub's is another one. */
export function apiHost(host: string): string {
  return host === "docker.io" ? "registry-1.docker.io" : host;
}

/**
 * `python:3.12` is `docker.io/library/python:3.12`. The first part is a host if it has a dot or a port or is `localhost`
 * (distribution's reference grammar).
 */
function parseRegistryName(text: string): RegistryReference {
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !isDigest(digest)) throw badReference(text, "what follows @ is no sha256 or sha512 digest");
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  if (tag !== undefined && !tagPattern.test(tag)) throw badReference(text, `"${tag}" is no tag`);
  const path = colon < 0 ? named : named.slice(0, colon);

  const slash = path.indexOf("/");
  const first = slash < 0 ? "" : path.slice(0, slash);
  const hasHost = first !== "" && (/[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase());
  let host = hasHost ? first : "docker.io";
  if (!hostPattern.test(host)) throw badReference(text, `"${host}" is no host name`);
  if (host === "index.docker.io" || host === "registry-1.docker.io" || host === "registry.hub.docker.com") host = "docker.io";
  let repository = hasHost ? path.slice(slash + 1) : path;
  if (host === "docker.io" && repository !== "" && !repository.includes("/")) repository = `library/${repository}`;
  if (repository.length > 255) throw badReference(text, "it is longer than 255 characters");
  if (!repositoryPattern.test(repository)) {
    throw badReference(text, repository === repository.toLowerCase() ? "it has characters that no name may have" : "names are lower case");
  }
  return { host, repository, tag: tag ?? (digest === undefined ? "latest" : undefined), digest };
}

/** As containers/image splits it: the first colon ends the path, but for a Windows drive. */
function splitPath(rest: string, whole: string): { path: string; after: string | undefined } {
  const from = /^[a-zA-Z]:[\\/]/.test(rest) ? 2 : 0;
  const colon = rest.indexOf(":", from);
  const path = colon < 0 ? rest : rest.slice(0, colon);
  if (path === "") throw badReference(whole, "the path is missing");
  return { path, after: colon < 0 || colon === rest.length - 1 ? undefined : rest.slice(colon + 1) };
}

function layoutPath(rest: string, whole: string): { path: string; selector: LayoutSelector } {
  const at = /@(sha(?:256|512):[0-9a-f]+)$/.exec(rest);
  const digest = at?.[1];
  if (digest !== undefined && !isDigest(digest)) throw badReference(whole, "what follows @ is no sha256 or sha512 digest");
  const { path, after } = splitPath(at ? rest.slice(0, at.index) : rest, whole);
  const index = placeOf(after, whole);
  return { path, selector: index === undefined ? { tag: after, digest } : { index } };
}

function archivePath(rest: string, whole: string): { path: string; selector: ArchiveSelector } {
  const { path, after } = splitPath(rest, whole);
  const index = placeOf(after, whole);
  return { path, selector: index === undefined ? { name: after } : { index } };
}

function placeOf(after: string | undefined, whole: string): number | undefined {
  if (!after?.startsWith("@")) return undefined;
  if (!/^@\d{1,9}$/.test(after)) throw badReference(whole, "what follows @ is no number");
  return Number(after.slice(1));
}
