import { defaultEngineSettings, type EngineSettings } from "../inspect/settings.ts";
import type { UserSettings } from "./settings.ts";

/** The engine's settings: the user's where they said something. Behind a door, as the defaults are. */
export function engineSettings(settings: UserSettings): EngineSettings {
  const defaults = defaultEngineSettings();
  return {
    image: {
      ...defaults.image,
      plainHttpHosts: settings.plainHttpHosts,
      caFiles: settings.caFiles,
      timeoutMs: settings.timeoutMs,
      ...(settings.proxy !== undefined && { proxy: settings.proxy }),
      ...(settings.dockerConfigFile !== undefined && { dockerConfigFile: settings.dockerConfigFile }),
      ...(settings.daemonHost !== undefined && { daemonHost: settings.daemonHost }),
    },
    facts: {
      ...defaults.facts,
      maxCacheBytes: settings.maxCacheBytes,
      preferTableOfContents: settings.preferTableOfContents,
      ...(settings.threads !== undefined && { threads: settings.threads }),
      ...(settings.cacheDir !== undefined && { cacheDir: settings.cacheDir }),
    },
  };
}
