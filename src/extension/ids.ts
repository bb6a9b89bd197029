/** Ids that package.json declares as well; `test/manifest.test.ts` holds both together. */
export const commandIds = {
  inspectImage: "coldstart.inspectImage",
  inspectDockerfile: "coldstart.inspectDockerfile",
  chooseImage: "coldstart.chooseImage",
  forgetImage: "coldstart.forgetImage",
  clearCache: "coldstart.clearCache",
  benchmark: "coldstart.benchmark",
  runPlan: "coldstart.runPlan",
  openReport: "coldstart.openReport",
  analyzeNodeBoot: "coldstart.analyzeNodeBoot",
  openBootFiles: "coldstart.openBootFiles",
  openSample: "coldstart.openSample",
  getStarted: "coldstart.getStarted",
  cleanUpCluster: "coldstart.cleanUpCluster",
  chooseKubeconfig: "coldstart.chooseKubeconfig",
  refreshClusters: "coldstart.refreshClusters",
} as const;

/** Commands behind code lenses and quick fixes; they take arguments, so no palette lists them. */
export const lensCommandIds = {
  showImage: "coldstart.lens.showImage",
  chooseImage: "coldstart.lens.chooseImage",
  inspect: "coldstart.lens.inspect",
  showFailure: "coldstart.lens.showFailure",
  ignore: "coldstart.lens.ignore",
} as const;

export const panelViewType = "coldstart.image";

/** The custom editor of saved reports. */
export const reportViewType = "coldstart.report";

/** The views of the container, in their order. */
export const imageViewId = "coldstart.images";
export const clusterViewId = "coldstart.clusters";
export const runViewId = "coldstart.runs";

export const walkthroughId = "start";

/** `contextValue` of an image's row. */
export const imageRowKind = "coldstart.image";

/** `contextValue`s of the tree's rows, which the menus of package.json ask for. */
export const clusterRowKinds = {
  context: "coldstart.context",
  pool: "coldstart.pool",
  node: "coldstart.node",
  report: "coldstart.report",
} as const;

export const dockerfileSelector = { language: "dockerfile" } as const;

export const planSelector = { pattern: "**/*.coldstart.{yaml,yml}" } as const;

/** Keys below `coldstart.`. */
export const settingKeys = [
  "measure",
  "chunkSize",
  "platform",
  "inspectOnOpen",
  "threads",
  "tableOfContents",
  "cache.directory",
  "cache.maxSize",
  "registry.plainHttpHosts",
  "registry.caFiles",
  "registry.proxy",
  "registry.timeoutSeconds",
  "docker.configFile",
  "docker.host",
  "kubernetes.kubeconfig",
  "bench.namespace",
  "bench.trials",
  "bench.pricePerNodeHour",
  "bench.currency",
  "bench.maxDuration",
  "bench.maxCost",
  "bench.trialTimeout",
  "bench.probeImage",
  "bench.unprivileged",
  "boot.rules",
] as const;

export type SettingKey = (typeof settingKeys)[number];
