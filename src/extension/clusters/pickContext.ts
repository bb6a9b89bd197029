import type { goBack, PickPlace } from "../askInTurn.ts";
import { pickOne } from "../pick.ts";
import { visibleText } from "../visibleText.ts";
import type { Clusters } from "./clusters.ts";

/** Which context of the kubeconfig; undefined when dismissed. `last`: the one that was chosen before, which has the focus if it is there. */
export async function pickContext(
  place: PickPlace,
  clusters: Clusters,
  placeholder: string,
  last?: string,
): Promise<string | typeof goBack | undefined> {
  const { value: contexts } = await clusters.contexts();
  const usual = contexts.find(({ name }) => name === last) ?? contexts.find(({ isCurrent }) => isCurrent);
  return pickOne(place, {
    placeholder,
    items: contexts.map(({ name, server, isCurrent, usesCommands }) => ({
      label: visibleText(name),
      description: `${visibleText(server ?? "no server", 80)}${isCurrent ? " · current" : ""}`,
      ...(usesCommands && { detail: "Signing in runs a program that the kubeconfig names." }),
      value: name,
    })),
    isUsual: (name) => name === usual?.name,
  });
}
