import { formatCount } from "../../base/format.ts";
import { goBack, type PickPlace } from "../askInTurn.ts";
import { pickOne, type PickItem } from "../pick.ts";
import { visibleText } from "../visibleText.ts";
import type { Answer, AskDependencies } from "./askStep.ts";
import type { BenchAnswers } from "./benchAnswers.ts";
import { readinessOffer, readinessOffers } from "./readinessOffers.ts";

export async function askReadiness(answers: BenchAnswers, place: PickPlace, { memory }: AskDependencies): Answer {
  const { subject } = answers;
  const image = subject?.image ?? "";
  const hasReadinessProbe = subject?.kind === "workload" && subject.hasReadinessProbe;
  const offers = readinessOffers(memory.answers.readiness[image], hasReadinessProbe);
  const chosen = await pickOne(place, {
    placeholder: "When is it ready? Type for example http:8000/health, tcp:5432, log:Listening on or exit:0",
    items: offers.map((offer) => ({ label: offer.text, description: offer.description, value: offer })),
    typed: (text) => {
      const offer = readinessOffer(text);
      const words = offer.readiness ? { description: offer.description, value: offer } : { detail: offer.description };
      return { label: visibleText(text), ...words };
    },
  });
  if (chosen === undefined || chosen === goBack) return chosen;
  await memory.remember({ readiness: { [image]: chosen.text } });
  return { ...answers, ...(chosen.readiness && { readiness: chosen.readiness }) };
}

export async function askTrials(answers: BenchAnswers, place: PickPlace, { memory, settings }: AskDependencies): Answer {
  const armCount = answers.arms?.length ?? 1;
  const usual = memory.answers.trialsPerArm ?? settings.trialsPerArm;
  const itemOf = (count: number): PickItem<number> => ({
    label: `${count} ${count === 1 ? "trial" : "trials"} of each arm`,
    description: `${formatCount(count * armCount)} pods, one after another${count < 3 ? "; too few for an interval" : ""}`,
    value: count,
  });
  const count = await pickOne<number>(place, {
    placeholder: "How many trials does each arm get? Type a number, or choose",
    items: [...new Set([usual, 3, 5, 10, 20])].map(itemOf),
    typed: (text) => {
      const typed = Number(text);
      return Number.isInteger(typed) && typed >= 1 && typed <= 1000
        ? itemOf(typed)
        : { label: visibleText(text), detail: "Write a number from 1 to 1000." };
    },
  });
  if (count === undefined || count === goBack) return count;
  await memory.remember({ trialsPerArm: count });
  return { ...answers, trialsPerArm: count };
}
