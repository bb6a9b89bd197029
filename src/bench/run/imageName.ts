import type { BenchPlan } from "../plan.ts";
import { parseReference, type RegistryReference } from "../../image/reference.ts";

/**
 * An image's name as containerd keeps it: with host and tag, `docker.io/library/python:3.12`, or with the digest alone where it has both (containerd,
 * `ParseDockerRef`). What is no registry's name stays as it is.
 */
export function nodeImageName(image: string): string {
  const reference = registryReference(image);
  if (!reference) return image;
  const { host, repository, tag = "latest", digest } = reference;
  return digest === undefined ? `${host}/${repository}:${tag}` : `${host}/${repository}@${digest}`;
}

/** All images of a plan by those names, and those that run in their place (`RunContext.images`): its arms may share layers, so all must go. */
export function imageNames(plan: Pick<BenchPlan, "arms">, images: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...plan.arms.map(({ image }) => image), ...images.values()].map(nodeImageName))];
}

export function imageOnNode(node: string, image: string): string {
  return `${node} ${nodeImageName(image)}`;
}

/** Host of an image's registry without its port; empty when the image names none. */
export function registryHost(image: string): string {
  return registryReference(image)?.host.replace(/:\d+$/, "") ?? "";
}

/** The registry is reached through a proxy of the node itself. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}

function registryReference(image: string): RegistryReference | undefined {
  try {
    const reference = parseReference(`docker://${image}`);
    return reference.transport === "docker" ? reference : undefined;
  } catch {
    return undefined;
  }
}
