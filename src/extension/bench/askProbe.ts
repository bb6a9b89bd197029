import type { Cluster } from "../../cluster/cluster.ts";
import { goBack, type PickPlace } from "../askInTurn.ts";
import { pickOne } from "../pick.ts";
import { visibleText } from "../visibleText.ts";
import type { Answer, AskDependencies } from "./askStep.ts";
import type { BenchAnswers, ProbeConsent } from "./benchAnswers.ts";

/** Root on somebody's node is a choice of its own, made anew each time unless the user wants otherwise. */
export async function askProbe(answers: BenchAnswers, place: PickPlace, { memory, settings }: AskDependencies): Answer {
  const { cluster } = answers;
  if (settings.isUnprivileged || !cluster) return { ...answers, probe: "no" };
  if (memory.hasConsent(cluster.context, cluster.server)) return { ...answers, probe: "once" };
  const probe = await askConsent(place, cluster);
  return probe === undefined || probe === goBack ? probe : { ...answers, probe };
}

/** Also for plans that need the probe. */
export function askConsent(place: PickPlace, cluster: Cluster): Promise<ProbeConsent | typeof goBack | undefined> {
  return pickOne<ProbeConsent>(place, {
    placeholder: "May a privileged pod run on the nodes? It makes each start cold and proves it",
    items: [
      {
        label: "Allow the privileged pod for this run",
        detail:
          "It removes the plan's images from the node and drops its page cache before each trial, which other pods there may feel, and is removed at the end.",
        value: "once",
      },
      {
        label: `Allow it always on ${visibleText(cluster.context, 60)}`,
        detail: "Remembered in this workspace for this context and its server.",
        value: "always",
      },
      {
        label: "Run without it, at coldness L0",
        detail: "Nothing on the nodes is touched. How cold each start was is not known, and every number says so.",
        value: "no",
      },
    ],
  });
}
