/**
 * The vocabulary of container images, whatever their origin. Everything is plain readonly data, so that
 * a layer can be handed to a worker thread, which opens it there by itself.
 */

/** A content digest in its string form, for example `sha256:9f86d0…`. */
export type Digest = `${string}:${string}`;

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string | undefined;
}

/** skopeo's names for the four origins; `registry` is skopeo's `docker:`. */
export type ImageOrigin = "registry" | "oci" | "oci-archive" | "docker-archive" | "docker-daemon";

/** One image for one platform. */
export interface Image {
  /** What opens the same image again, with its transport: `docker://host/repo:tag`, `oci:/folder:tag`, … */
  readonly reference: string;
  readonly origin: ImageOrigin;
  /** For people: `Docker`, `Podman`, `registry localhost:5000`, `OCI layout ./out`. */
  readonly originLabel: string;
  /** Digest of the manifest; absent where the origin keeps none (daemon, old archives). */
  readonly digest?: Digest | undefined;
  /** Digest of the config, which is what daemons call the image ID. */
  readonly configDigest: Digest;
  readonly platform: Platform;
  readonly config: ImageConfig;
  /** Base layer first. */
  readonly layers: readonly Layer[];
}

export interface ImageConfig {
  /** RFC 3339, as the builder wrote it; absent or unreliable in reproducible builds. */
  readonly created?: string | undefined;
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** In order, `NAME=value`. */
  readonly env: readonly string[];
  /** Empty when not set, which means `/`. */
  readonly workingDir: string;
  /** Empty when not set, which means root. */
  readonly user: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Base instruction first. Entries with `emptyLayer` made no layer. Empty when the builder kept no history. */
  readonly history: readonly HistoryEntry[];
  /** ONBUILD triggers, which run in the stage that is built on this image. */
  readonly onBuild: readonly string[];
}

export interface HistoryEntry {
  readonly createdBy: string;
  readonly comment: string;
  readonly emptyLayer: boolean;
}

/** One filesystem layer, not yet read. */
export interface Layer {
  /** Place in the image, 0 is the base. */
  readonly index: number;
  /** Digest of the blob as stored; absent where the origin gives no blob (daemon, old archives). */
  readonly digest?: Digest | undefined;
  /** Digest of the uncompressed tar. */
  readonly diffId: Digest;
  readonly mediaType: string;
  /** Size of the blob as stored; absent where unknown. */
  readonly blobSizeBytes?: number | undefined;
  readonly annotations: Readonly<Record<string, string>>;
  readonly source: LayerSource;
}

/** Where a layer's bytes lie, as plain data. `layerSource.ts` opens it, in any thread. */
export type LayerSource =
  | { readonly kind: "file"; readonly path: string; readonly offset: number; readonly sizeBytes: number }
  | {
      readonly kind: "registry";
      readonly registry: RegistryAccess;
      readonly repository: string;
      readonly digest: Digest;
      readonly sizeBytes: number;
    }
  | { readonly kind: "archive-member"; readonly path: string; readonly member: string }
  | { readonly kind: "daemon"; readonly daemon: DaemonAccess; readonly imageName: string; readonly member: string | undefined };

/** How to reach one registry; plain data without secrets: credentials are looked up again where it is used. */
export interface RegistryAccess {
  /** `registry-1.docker.io`, `localhost:5000`. */
  readonly host: string;
  readonly plainHttp: boolean;
  /** PEM file with further certificate authorities. */
  readonly caFile?: string | undefined;
  /** Docker's config.json; absent means the usual place. */
  readonly dockerConfigFile?: string | undefined;
  /** Proxy settings come from the environment unless given here. */
  readonly proxy?: string | undefined;
  /** How long the registry may stay silent, in ms. */
  readonly timeoutMs: number;
}

export interface DaemonAccess {
  /** `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`. */
  readonly host: string;
  readonly label: "Docker" | "Podman";
  /** Folder with `ca.pem`, `cert.pem` and `key.pem`, where the engine asks for them. */
  readonly certFolder?: string | undefined;
}

/** What a layer's tar says of one path. */
export interface TarEntry {
  /** Absolute in the image, normalised, no trailing slash: `/usr/bin/python3`. Bytes that are not UTF-8 become U+FFFD. */
  readonly path: string;
  readonly type: TarEntryType;
  /** Logical size of the content; 0 for everything that is no regular file. */
  readonly sizeBytes: number;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  /** Seconds since 1970, may be negative. */
  readonly mtimeEpochS: number;
  /** Symlink: as written. Hardlink: absolute path in the image of the entry it shares content with. */
  readonly linkTarget?: string | undefined;
}

/**
 * `whiteout`: the path (without `.wh.`) is deleted from the layers below. `opaque`: what the layers below put into this
 * directory is hidden (OCI image-spec, layer.md).
 */
export type TarEntryType = "file" | "directory" | "symlink" | "hardlink" | "whiteout" | "opaque" | "other";
