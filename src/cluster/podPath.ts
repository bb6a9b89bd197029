import type { PodName } from "./cluster.ts";

/** Where the API has a namespace's pods. */
export function podsPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
}

/** Where it has one pod. */
export function podPath({ namespace, name }: PodName): string {
  return `${podsPath(namespace)}/${encodeURIComponent(name)}`;
}
