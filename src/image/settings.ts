/** What a user can set about where images come from; plain data. */
export interface ImageSettings {
  /** Docker's config.json with credentials; absent means the usual places. */
  readonly dockerConfigFile?: string | undefined;
  /** Registries without encryption, as `host` or `host:port`; those on this machine need no entry. */
  readonly plainHttpHosts: readonly string[];
  /** PEM files with further certificate authorities, by `host` or `host:port`; the key `*` holds for all others. */
  readonly caFiles: Readonly<Record<string, string>>;
  /** In place of HTTP_PROXY and HTTPS_PROXY. */
  readonly proxy?: string | undefined;
  /** In place of DOCKER_HOST and the usual sockets: `unix:///run/podman/podman.sock`. */
  readonly daemonHost?: string | undefined;
  /** Where the blobs of OCI layouts lie, for layouts that do not hold them themselves (skopeo's `--dest-shared-blob-dir`). */
  readonly sharedBlobDir?: string | undefined;
  /** How long a registry or engine may stay silent. */
  readonly timeoutMs: number;
}

export const defaultImageSettings: ImageSettings = { plainHttpHosts: [], caFiles: {}, timeoutMs: 30_000 };
