/** What `npm start` finds already made; each is made once and kept. */
export interface Kept {
  readonly debianPackages: boolean;
  readonly codeServer: boolean;
  readonly goToolchain: boolean;
  /** Names of the test cluster's parts that are not built, as `test/cluster/build --missing` prints them. */
  readonly missingParts: readonly string[];
  readonly goModules: boolean;
  readonly crates: boolean;
  readonly baseImage: boolean;
  readonly sampleImage: boolean;
  readonly sampleLayout: boolean;
  readonly pushedSample: boolean;
  readonly clusterImages: boolean;
  readonly nodeDebian: boolean;
}

/** Folders that are filled, which may lie on different disks. */
export interface Folders {
  readonly cache: string;
  readonly npmCache: string;
  readonly goModules: string;
  readonly goBuild: string;
  readonly cargo: string;
  readonly temporary: string;
  readonly largeTemporary: string;
  readonly clusterState: string;
}

/** What takes room where. */
export interface SpaceNeed {
  readonly what: string;
  readonly folder: string;
  readonly bytes: number;
  /** Share of the whole disk that must be left beside that. */
  readonly freeShare?: number;
}

const MB = 1e6;

/** Room for VS Code in the browser. */
export function codeServerSpace(folders: Folders): readonly SpaceNeed[] {
  return [
    { what: "code-server", folder: folders.cache, bytes: 850 * MB },
    { what: "npm's downloads", folder: folders.npmCache, bytes: 270 * MB },
  ];
}

/** Room that is taken until the end, with what is thrown away on the way. Rounded up from what it took on Debian 12, x86-64. */
export function spaceNeeds(kept: Kept, folders: Folders): readonly SpaceNeed[] {
  const needs: SpaceNeed[] = kept.codeServer ? [] : [...codeServerSpace(folders)];
  const need = (what: string, folder: string, megabytes: number): void => void needs.push({ what, folder, bytes: megabytes * MB });
  if (!kept.goToolchain) need("Go", folders.cache, 330);
  const goParts = kept.missingParts.filter((name) => name !== "nydusd");
  if (goParts.length > 0) {
    need("the cluster's parts", folders.cache, 450);
    need("compiling them", folders.cache, 3400);
    if (!kept.goModules) need("Go modules", folders.goModules, 2200);
    need("Go's build cache", folders.goBuild, 4900);
  }
  if (kept.missingParts.includes("nydusd")) {
    need("compiling nydusd", folders.cache, 500);
    if (!kept.crates) need("Rust packages", folders.cargo, 750);
  }
  if (!kept.baseImage) need("the base image", folders.cache, 600);
  if (!kept.sampleImage) need("the sample image", folders.cache, 1600);
  if (!kept.sampleLayout) need("its OCI layout", folders.cache, 850);
  if (!kept.pushedSample) need("its copy in the registry", folders.cache, 850);
  if (!kept.clusterImages) need("its copies in the cluster's registry", folders.cache, 1650);
  if (!kept.nodeDebian) need("the node that boots", folders.cache, 450);
  need("VS Code's data, facts and reports", folders.cache, 50);
  need("temporary files", folders.temporary, 50);
  need("images on their way", folders.largeTemporary, 900);
  // The kubelet takes no pods on a disk of which less than a hundredth is free.
  needs.push({ what: "the running cluster", folder: folders.clusterState, bytes: 2500 * MB, freeShare: 0.01 });
  return needs;
}

/** A place in the network from which something missing comes. */
export interface SourceNeed {
  readonly what: string;
  readonly url: string;
}

/** Where packages come from on this machine. */
export interface Sources {
  readonly debian: string;
  readonly npm: string;
  readonly go: string;
  readonly crates: string;
  readonly python: string;
}

export function codeServerSource(sources: Sources): SourceNeed {
  return { what: "code-server", url: sources.npm };
}

/** What has to be fetched; nothing when all is kept. */
export function sourceNeeds(kept: Kept, sources: Sources): readonly SourceNeed[] {
  const needs: SourceNeed[] = kept.codeServer ? [] : [codeServerSource(sources)];
  const need = (what: string, url: string): void => void needs.push({ what, url });
  if (!kept.debianPackages) need("Debian packages", sources.debian);
  if (!kept.goToolchain) need("Go", sources.go);
  if (kept.missingParts.some((name) => name !== "nydusd") && !kept.goModules) need("the cluster's parts", sources.go);
  if (kept.missingParts.includes("nydusd") && !kept.crates) need("nydusd", sources.crates);
  if (!kept.baseImage) need("the base image", sources.debian);
  if (!kept.sampleImage) need("the sample image's Python packages", sources.python);
  if (!kept.nodeDebian) need("the node that boots", sources.debian);
  return needs;
}
