import { KubeConfig } from "@kubernetes/client-node";

/** In a file of its own, imported when it is needed: bundlers leave out what a static import does not name, which is most of the client. */
export function emptyKubeConfig(): KubeConfig {
  return new KubeConfig();
}
