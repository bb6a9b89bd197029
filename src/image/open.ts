import { isUserError, UserError } from "../base/errors.ts";
import type { Call } from "../base/log.ts";
import { openDaemonImage } from "./daemon/daemonImage.ts";
import { openDockerArchive } from "./dockerArchive.ts";
import type { Image, Platform } from "./image.ts";
import { openOciArchive } from "./ociArchive.ts";
import { openOciLayout } from "./ociLayout.ts";
import { parseReference, type ImageReference } from "./reference.ts";
import { openRegistryImage } from "./registry/registryImage.ts";
import type { ImageSettings } from "./settings.ts";

export { defaultImageSettings, type ImageSettings } from "./settings.ts";

export interface OpenOptions {
  /** Absent: the one of this machine, or the only one that there is. */
  readonly platform?: Platform | undefined;
  readonly settings: ImageSettings;
}

/**
 * Finds an image by its name, whatever the origin, and reads its manifest and config; layers are only located. A bare name is the engine's
 * image if an engine has it, else the registry's; `originLabel` says which. Throws `UserError`.
 */
export async function openImage(name: string, options: OpenOptions, call: Call): Promise<Image> {
  const { platform, settings } = options;
  const reference = parseReference(name);
  switch (reference.transport) {
    case "docker":
      return openRegistryImage(reference, platform, settings, call);
    case "oci":
      return openOciLayout(reference, platform, settings, call);
    case "oci-archive":
      return openOciArchive(reference, platform, call);
    case "docker-archive":
      return openDockerArchive(reference, platform, call);
    case "docker-daemon":
      return openDaemonImage(reference.name, platform, settings, call);
    case "bare":
      return openBare(reference, options, call);
  }
}

async function openBare(reference: ImageReference & { transport: "bare" }, options: OpenOptions, call: Call): Promise<Image> {
  const { platform, settings } = options;
  let fromDaemon: UserError;
  try {
    return await openDaemonImage(reference.name, platform, settings, call);
  } catch (error) {
    if (!isUserError(error)) throw error;
    call.log?.debug("the registry is asked, as no engine has the image", { reason: error.message });
    fromDaemon = error;
  }
  try {
    return await openRegistryImage(reference, platform, settings, call);
  } catch (error) {
    if (!isUserError(error)) throw error;
    throw new UserError(error.code, `${error.message} Nor does an engine on this machine help: ${fromDaemon.message}`, error.hint, {
      cause: error,
    });
  }
}
