import * as vscode from "vscode";
import { goBack, type PickPlace } from "../askInTurn.ts";
import { pickOne, type PickItem } from "../pick.ts";
import { visibleText } from "../visibleText.ts";
import type { Answer, AskDependencies } from "./askStep.ts";
import type { BenchAnswers, BenchSubject } from "./benchAnswers.ts";
import { pullableName } from "./benchImages.ts";
import { typedImage } from "./typedImage.ts";

export async function askSubject(answers: BenchAnswers, place: PickPlace, { memory, images, call }: AskDependencies): Answer {
  const { cluster } = answers;
  const offered = [...images, ...memory.images().map((name) => ({ name, reason: "benchmarked before" }))];
  const pullable = offered.flatMap(({ name, reason }) => {
    const image = pullableName(name);
    return image === undefined ? [] : [{ image, reason }];
  });
  const names = [...new Set(pullable.map(({ image }) => image))];
  const imageItems: PickItem<BenchSubject>[] = names.map((image) => ({
    label: visibleText(image),
    description: visibleText(pullable.find((each) => each.image === image)?.reason ?? ""),
    value: { kind: "image", image },
  }));
  async function* items(): AsyncGenerator<readonly PickItem<BenchSubject>[]> {
    yield imageItems;
    if (!cluster) return;
    const { deploymentOffers, nameOf } = await import("./workloadOffers.ts");
    const deployments = await deploymentOffers(cluster, call);
    if (deployments.length === 0) return;
    yield [
      ...imageItems,
      { label: `Deployments of ${visibleText(cluster.context, 60)}`, kind: vscode.QuickPickItemKind.Separator },
      ...deployments.map((subject) => ({
        label: visibleText(nameOf(subject.reference)),
        description: visibleText(subject.image),
        detail: "Benchmark this Deployment: copies of its pod, with its environment, volumes and service account",
        value: subject,
      })),
    ];
  }
  const subject = await pickOne<BenchSubject>(place, {
    placeholder: "Which image? Type a name such as registry.example/app:1.0, or choose a Deployment",
    items: items(),
    typed: (text) => typedImage(text, (image) => ({ kind: "image", image })),
  });
  if (subject === undefined || subject === goBack) return subject;
  if (subject.kind === "image") await memory.addImage(subject.image);
  return { ...answers, subject };
}
