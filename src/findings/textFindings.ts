import { formatBytes } from "../base/format.ts";
import type { BuildStage, ProvableFact, Waste } from "../dockerfile/dockerfile.ts";
import { execForm, splitWords } from "../dockerfile/words.ts";
import type { SizedBuildContext } from "../inspect/buildContext.ts";
import { leastBytes, type Finding, type FindingCode, type FindingPlace } from "./finding.ts";
import { packageCaches } from "./packageCaches.ts";

export interface TextFinding extends Finding {
  readonly place: FindingPlace;
}

/** What text and build context alone prove to cost bytes in the image. Sizes are known for what lies in the build context only. */
export function textFindings(
  chain: readonly BuildStage[],
  provable: readonly ProvableFact[],
  context: SizedBuildContext | undefined,
): readonly TextFinding[] {
  return chain.flatMap((stage) => [
    ...stage.instructions.flatMap((instruction, instructionIndex) => {
      const place = { stageIndex: stage.index, instructionIndex, range: instruction.range };
      return provable
        .filter(({ range }) => range === instruction.range)
        .flatMap((fact) => (fact.waste ? [wasteFinding(fact, fact.waste, place)] : []));
    }),
    ...(context ? contextFindings(stage, context) : []),
  ]);
}

function wasteFinding({ summary, reason }: ProvableFact, waste: Waste, place: FindingPlace): TextFinding {
  const cache = packageCaches.find((row) => row.waste === waste);
  return {
    ...withoutSize,
    code: cache ? "package-cache" : (waste as FindingCode),
    message: waste === "build-tools" ? `B${summary.slice(1)}.` : `This RUN ${summary}.`,
    advice: reason,
    ...(cache && { remedy: cache.remedy }),
    place,
  };
}

const withoutSize = {
  severity: "information",
  sizeBytes: null,
  readBytes: null,
  layerIndex: null,
  fileCount: 0,
  evidence: [],
} as const satisfies Partial<Finding>;

interface ContextFolder {
  readonly path: string;
  readonly code: FindingCode;
  readonly title: string;
  /** Whether it is what its name says. */
  readonly isThere: (context: SizedBuildContext, stage: BuildStage) => boolean;
  readonly advice: string;
}

const contextFolders: readonly ContextFolder[] = [
  {
    path: ".git",
    code: "git-folder",
    title: "Git's history (.git)",
    isThere: (context) => context.exists(".git/HEAD"),
    advice: "Nothing reads it at startup. List .git in .dockerignore, so that COPY leaves it out.",
  },
  ...[".venv", "venv"].map((path) => ({
    path,
    code: "stray-files" as const,
    title: `The virtual environment of this machine (${path})`,
    isThere: (context: SizedBuildContext) => context.exists(`${path}/pyvenv.cfg`),
    advice: `Its programs name folders of this machine. List ${path} in .dockerignore and install in a RUN.`,
  })),
  {
    path: "node_modules",
    code: "stray-files",
    title: "The packages of this machine (node_modules)",
    isThere: (context, stage) =>
      context.exists("node_modules") &&
      stage.instructions.some(
        ({ keyword, argumentText }) => keyword === "RUN" && /\b(?:npm|pnpm|yarn)\s+(?:ci|i|install)\b/.test(argumentText),
      ),
    advice: "A RUN installs them in the image. List node_modules in .dockerignore.",
  },
];

/** What a COPY of the whole context brings along that no image needs. */
function contextFindings(stage: BuildStage, context: SizedBuildContext): TextFinding[] {
  const instructionIndex = stage.instructions.findIndex(({ keyword, flags, argumentText }) => {
    if ((keyword !== "COPY" && keyword !== "ADD") || "from" in flags || "exclude" in flags) return false;
    const sources = (execForm(argumentText) ?? splitWords(argumentText)).slice(0, -1);
    return sources.some((source) => source === "." || source === "./" || source === "/");
  });
  const instruction = stage.instructions[instructionIndex];
  if (!instruction) return [];
  return contextFolders.flatMap(({ path, code, title, isThere, advice }): TextFinding[] => {
    if (!isThere(context, stage)) return [];
    const sizeBytes = context.sizeBytes(path);
    if (sizeBytes < leastBytes) return [];
    return [
      {
        ...withoutSize,
        code,
        message: `${title} is copied into the image: ${formatBytes(sizeBytes)} in the build context.`,
        advice,
        sizeBytes,
        remedy: { kind: "ignore-lines", lines: [path] },
        place: { stageIndex: stage.index, instructionIndex, range: instruction.range },
      },
    ];
  });
}
