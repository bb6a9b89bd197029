import { defaultFactsOptions, type FactsOptions } from "../facts/imageFacts.ts";
import { defaultImageSettings, type ImageSettings } from "../image/open.ts";

/** All that a user can set for reading images; the extension fills it from VS Code's settings, the command line from options. */
export interface EngineSettings {
  readonly image: ImageSettings;
  readonly facts: FactsOptions;
}

export function defaultEngineSettings(): EngineSettings {
  return {
    image: defaultImageSettings,
    facts: defaultFactsOptions(),
  };
}
