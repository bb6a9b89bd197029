import type { Dockerfile } from "../dockerfile/dockerfile.ts";
import { effectiveConfig } from "../dockerfile/effectiveConfig.ts";
import type { Image } from "../image/image.ts";
import type { StartupQuestion } from "../startup/startupSet.ts";

/**
 * What a stage of the text as it stands would run in an image that was built from an earlier state of it. Settings that the
 * text leaves to the base image are taken from the built image, which inherited them.
 */
export function questionForStage(dockerfile: Dockerfile, stageIndex: number, image: Image, chunkSizeBytes: number): StartupQuestion {
  const text = effectiveConfig(dockerfile, stageIndex);
  const { config } = image;
  const unknown = new Set(text.unknown);
  return {
    entrypoint: unknown.has("entrypoint") ? config.entrypoint : text.entrypoint,
    cmd: unknown.has("cmd") ? config.cmd : text.cmd,
    env: joinedEnv(config.env, text.env),
    workingDir: unknown.has("workingDir") ? config.workingDir : text.workingDir,
    user: unknown.has("user") ? config.user : text.user,
    chunkSizeBytes,
  };
}

/** Whether both run the same. Order of ENV does not matter: later text may repeat what the image has. Chunk sizes are not compared. */
export function isSameQuestion(a: StartupQuestion, b: StartupQuestion): boolean {
  const key = ({ entrypoint, cmd, env, workingDir, user }: StartupQuestion): string =>
    JSON.stringify([entrypoint, cmd, [...env].sort(), workingDir || "/", user]);
  return key(a) === key(b);
}

function joinedEnv(inherited: readonly string[], own: readonly string[]): readonly string[] {
  const byName = new Map<string, string>();
  for (const setting of [...inherited, ...own]) byName.set(setting.split("=", 1)[0] ?? setting, setting);
  return [...byName.values()];
}
