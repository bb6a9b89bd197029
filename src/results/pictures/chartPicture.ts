import type { ReportBench, ReportDocument } from "../document.ts";
import type { ReportBoot } from "../../boot/bootReport.ts";
import type { Trial } from "../../bench/trial.ts";
import { ladderArms } from "../gainLadder.ts";
import { measuredProvisioning, provisioningStart } from "../measuredProvisioning.ts";
import { bootPicture } from "./bootPicture.ts";
import { chartNames, type ChartChoice, type ChartName } from "./chartNames.ts";
import { gainPicture } from "./gainPicture.ts";
import { imagePicture } from "./imagePicture.ts";
import type { Picture } from "./picture.ts";
import { stagesPicture } from "./stagesPicture.ts";
import { trialsPicture } from "./trialsPicture.ts";
import { waterfallPicture } from "./waterfallPicture.ts";
import { wherePicture } from "./wherePicture.ts";

/** The charts that a document has something for, in the order of menus. Cheap: nothing is drawn. */
export function chartsOf({ bench, boots, image }: ReportDocument): readonly ChartName[] {
  const has: Readonly<Record<ChartName, boolean>> = {
    where: bench !== undefined,
    waterfall: bench !== undefined && bench.run.trials.length > 0,
    trials: bench !== undefined && bench.run.trials.some(({ outcome }) => outcome.kind === "ready"),
    gain: bench !== undefined && ladderArms(bench.summary.arms, bench.summary.baseline) !== undefined,
    stages: bench !== undefined && bench.summary.arms.some(({ stages }) => stages.length > 0),
    boot: boots !== undefined && boots.boots.some(isShowable),
    image: image !== undefined && image.totals.bytes > 0 && image.layers.some(({ bytes }) => bytes > 0),
  };
  return chartNames.filter((name) => has[name]);
}

/** Undefined: the document has nothing for it, or nothing of what was chosen. Pure. */
export function chartPicture(document: ReportDocument, choice: ChartChoice): Picture | undefined {
  if (!chartsOf(document).includes(choice.name)) return undefined;
  const { bench, boots, image } = document;
  switch (choice.name) {
    case "where":
      return bench && wherePicture(bench);
    case "waterfall": {
      const trial = bench && trialOf(bench, choice.trialId);
      return trial && waterfallPicture(bench, trial);
    }
    case "trials":
      return bench && trialsPicture(bench);
    case "gain": {
      const arms = bench && ladderArms(bench.summary.arms, bench.summary.baseline);
      const other = choice.arm === undefined ? arms?.others[0] : arms?.others.find(({ arm }) => arm === choice.arm);
      const { slowdown, provisioningMs } = choice;
      const measured = provisioningStart(boots && measuredProvisioning(boots), []);
      const provisioning = provisioningMs === undefined ? measured : { provisioningMs, source: "chosen" };
      return arms && other && gainPicture(arms.base, other, { slowdown, provisioning });
    }
    case "stages":
      return bench && stagesPicture(bench);
    case "boot": {
      const boot = choice.boot === undefined ? boots?.boots.find(isShowable) : boots?.boots[choice.boot];
      return boots && boot && bootPicture(boot, boots.unit);
    }
    case "image":
      return image && imagePicture(image);
  }
}

function isShowable({ phases, chain }: ReportBoot): boolean {
  return phases.length > 0 || chain.spans.length > 0;
}

function trialOf({ run, summary }: ReportBench, trialId: string | undefined): Trial | undefined {
  const id = trialId ?? summary.arms.find(({ nearestTrialId }) => nearestTrialId !== undefined)?.nearestTrialId;
  return id === undefined ? run.trials[0] : run.trials.find((trial) => trial.id === id);
}
