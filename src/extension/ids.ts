/** Ids that package.json declares as well; `test/manifest.test.ts` holds both together. */
export const commandIds = {
  inspectImage: "coldstart.inspectImage",
  inspectDockerfile: "coldstart.inspectDockerfile",
  chooseImage: "coldstart.chooseImage",
  clearCache: "coldstart.clearCache",
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

export const dockerfileSelector = { language: "dockerfile" } as const;

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
] as const;

export type SettingKey = (typeof settingKeys)[number];
