import { goBack, type PickPlace } from "../askInTurn.ts";
import { pickMany, pickOne, type PickItem } from "../pick.ts";
import { visibleText } from "../visibleText.ts";
import type { Answer, AskDependencies } from "./askStep.ts";
import type { ArmAnswer, BenchAnswers, OfferedRuntime } from "./benchAnswers.ts";
import { imageFormOf, runtimeWords, usualRuntimes } from "./runtimeOffers.ts";
import { typedImage } from "./typedImage.ts";

export async function askArms(answers: BenchAnswers, place: PickPlace, { memory }: AskDependencies): Answer {
  const { cluster, runtimes } = answers;
  if (!cluster || !runtimes) return "skip";
  const usual = usualRuntimes(runtimes, memory.answers.arms[cluster.context]);
  const chosen = await pickMany<OfferedRuntime>(place, {
    placeholder: "What is compared? Each arm gets its trials, in random order",
    items: runtimes.map((runtime) => ({
      label: visibleText(runtime.name, 60),
      description: runtimeWords(runtime),
      detail: visibleText(runtime.guess.evidence[0] ?? "", 200),
      value: runtime,
    })),
    isUsual: ({ name }) => usual.includes(name),
  });
  if (chosen === undefined || chosen === goBack) return chosen;
  await memory.remember({ arms: { [cluster.context]: chosen.map(({ name }) => name) } });
  return { ...answers, arms: chosen.map((runtime) => ({ runtime })) };
}

/** Lazy loaders mount an ordinary image whole, so each is asked for the image in its own form. */
export async function askArmImages(answers: BenchAnswers, place: PickPlace, { memory }: AskDependencies): Answer {
  const { subject, arms = [] } = answers;
  const inOwnForm = arms.filter(({ runtime }) => imageFormOf(runtime) !== undefined);
  if (!subject || inOwnForm.length === 0) return "skip";
  const images = new Map<string, string>();
  for (let at = 0; at < inOwnForm.length; at++) {
    const { runtime } = inOwnForm[at] as ArmAnswer;
    const key = JSON.stringify([subject.image, runtime.guess.snapshotter]);
    const last = memory.answers.armImages[key];
    const same: PickItem<string> = {
      label: visibleText(subject.image),
      description: last === undefined ? "the same image" : "the image of the other arms",
      detail: `It is lazy there only if it is in the form ${imageFormOf(runtime)}; a trial that was not is marked.`,
      value: subject.image,
    };
    const image = await pickOne<string>(
      { ...place, canGoBack: place.canGoBack || at > 0 },
      {
        placeholder: `Image for the arm ${visibleText(runtime.name, 40)} (${imageFormOf(runtime)}): type its name, or take the same`,
        items: [...(last === undefined ? [] : [{ label: visibleText(last), description: "as last time", value: last }]), same],
        typed: (text) => typedImage(text, (name) => name),
      },
    );
    if (image === undefined) return undefined;
    if (image === goBack) {
      if (at === 0) return goBack;
      at -= 2;
      continue;
    }
    images.set(runtime.name, image);
    await memory.remember({ armImages: image === subject.image ? {} : { [key]: image } });
  }
  return {
    ...answers,
    arms: arms.map(({ runtime }) => {
      const image = images.get(runtime.name);
      return image === undefined || image === subject.image ? { runtime } : { runtime, image };
    }),
  };
}
