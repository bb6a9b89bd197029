import type { Waste } from "../dockerfile/dockerfile.ts";
import type { Remedy } from "./finding.ts";

/** What one package manager leaves behind; all of it can be had again, so nothing that runs needs it. */
export interface PackageCache {
  /** Begins the sentence: `apt's package lists`. */
  readonly title: string;
  /** What the text alone proves of it. */
  readonly waste?: Waste;
  /** Matches the folder of the cache at the start of a file's path. */
  readonly folder: RegExp;
  readonly remedy: Remedy;
  readonly advice: string;
}

/** A home folder may lie anywhere. */
const home = "^(?:/[^/]+){0,4}";

function ending(command: string): Remedy {
  return { kind: "append-command", command };
}

function option(after: RegExp, text: string, otherwise: string): Remedy {
  return { kind: "add-option", after, option: text, otherwise };
}

/** Folders by each tool's own documentation; the first row that matches names the cache. */
export const packageCaches: readonly PackageCache[] = [
  {
    title: "apt's package lists",
    waste: "apt-lists",
    folder: /^\/var\/lib\/apt\/lists\//,
    remedy: ending("rm -rf /var/lib/apt/lists/*"),
    advice: "Remove /var/lib/apt/lists in the RUN that updates them.",
  },
  {
    title: "apt's package cache",
    folder: /^\/var\/cache\/apt\//,
    remedy: ending("apt-get clean"),
    advice: 'End the RUN that installs with "apt-get clean".',
  },
  {
    title: "apk's package cache",
    waste: "apk-cache",
    folder: /^\/var\/cache\/apk\/|^\/etc\/apk\/cache\//,
    remedy: option(/\bapk\s+add\b/, "--no-cache", "rm -rf /var/cache/apk/*"),
    advice: "Install with apk add --no-cache.",
  },
  {
    title: "The package manager's cache",
    waste: "dnf-cache",
    folder: /^\/var\/cache\/(?:dnf|yum|libdnf5|zypp|pacman\/pkg)\//,
    remedy: ending("rm -rf /var/cache/dnf /var/cache/yum /var/cache/libdnf5 /var/cache/zypp /var/cache/pacman/pkg"),
    advice: 'Clean it in the RUN that installs, for example with "dnf clean all".',
  },
  {
    title: "pip's download cache",
    waste: "pip-cache",
    folder: new RegExp(`${home}/\\.cache/pip/`),
    remedy: option(/\bpip[\d.]*\s+install\b/, "--no-cache-dir", "rm -rf ~/.cache/pip"),
    advice: "Install with --no-cache-dir, or mount the cache: RUN --mount=type=cache,target=/root/.cache/pip.",
  },
  {
    title: "uv's package cache",
    folder: new RegExp(`${home}/\\.cache/uv/`),
    remedy: option(/\buv\s+(?:sync|pip\s+install|add|tool\s+install)\b/, "--no-cache", "rm -rf ~/.cache/uv"),
    advice: "Call uv with --no-cache, or mount the cache: RUN --mount=type=cache,target=/root/.cache/uv.",
  },
  {
    title: "Poetry's package cache",
    folder: new RegExp(`${home}/\\.cache/pypoetry/(?:cache|artifacts)/`),
    remedy: ending("rm -rf ~/.cache/pypoetry/cache ~/.cache/pypoetry/artifacts"),
    advice: "Remove ~/.cache/pypoetry in the RUN that installs, or mount it as a cache.",
  },
  {
    title: "npm's download cache",
    waste: "npm-cache",
    folder: new RegExp(`${home}/\\.npm/_(?:cacache|npx|logs)/`),
    remedy: ending("rm -rf ~/.npm/_cacache"),
    advice: "Remove ~/.npm in the RUN that installs, or mount it as a cache.",
  },
  {
    title: "Yarn's download cache",
    folder: new RegExp(`^/usr/local/share/\\.cache/yarn/|${home}/(?:\\.cache/yarn|\\.yarn/berry/cache)/`),
    remedy: ending("yarn cache clean"),
    advice: 'End the RUN that installs with "yarn cache clean", or mount the folder as a cache.',
  },
  {
    title: "pnpm's store",
    folder: new RegExp(`${home}/\\.(?:local/share/pnpm/store|pnpm-store)/`),
    remedy: ending("rm -rf ~/.local/share/pnpm/store"),
    advice: "Remove the store in the RUN that installs, or mount it as a cache.",
  },
  {
    title: "conda's package cache",
    waste: "conda-cache",
    folder: /^(?:\/[^/]+){0,3}\/(?:\.?(?:mini|micro|ana)?conda3?|\.?mamba|miniforge3?|mambaforge)\/pkgs\//,
    remedy: ending("conda clean -afy"),
    advice: 'End the RUN that installs with "conda clean -afy".',
  },
  {
    title: "Cargo's registry",
    folder: new RegExp(`^/usr/local/cargo/(?:registry|git)/|${home}/\\.cargo/(?:registry|git)/`),
    remedy: ending("rm -rf ~/.cargo/registry"),
    advice: "Build in an earlier stage and copy the program, or mount the registry as a cache.",
  },
  {
    title: "Go's module and build cache",
    folder: new RegExp(`^/go/pkg/mod/|${home}/(?:go/pkg/mod|\\.cache/go-build)/`),
    remedy: ending("go clean -cache -modcache"),
    advice: "Build in an earlier stage and copy the program, or mount the folders as caches.",
  },
  {
    title: "Maven's or Gradle's download cache",
    folder: new RegExp(`${home}/(?:\\.m2/repository|\\.gradle/(?:caches|wrapper))/`),
    remedy: ending("rm -rf ~/.m2/repository ~/.gradle"),
    advice: "Build in an earlier stage and copy the jar, or mount the folder as a cache.",
  },
  {
    title: "Composer's download cache",
    folder: new RegExp(`${home}/\\.(?:composer/cache|cache/composer)/`),
    remedy: ending("composer clear-cache"),
    advice: 'End the RUN that installs with "composer clear-cache".',
  },
  {
    title: "RubyGems' download cache",
    folder: /^\/(?:usr\/(?:local\/)?(?:lib\/ruby\/gems\/[^/]+|bundle(?:\/ruby\/[^/]+)?)|var\/lib\/gems\/[^/]+)\/cache\//,
    remedy: ending("rm -rf $(gem env gemdir)/cache/*.gem"),
    advice: "Remove the gems' cache folder in the RUN that installs.",
  },
];

/** One look for each file; the rows are tried for the few that pass. */
const any = new RegExp(packageCaches.map(({ folder }) => folder.source).join("|"));

export function packageCacheOf(path: string): PackageCache | undefined {
  return any.test(path) ? packageCaches.find(({ folder }) => folder.test(path)) : undefined;
}
