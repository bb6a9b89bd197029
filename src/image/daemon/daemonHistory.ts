import type { HistoryEntry } from "../image.ts";
import { isObject } from "../manifest.ts";

/** Instructions that never make a layer, as the legacy builder, BuildKit and Buildah write them into the history. */
const metadataPattern =
  /^(?:\/bin\/sh -c #\(nop\)\s+)?(?:ARG|CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|SHELL|STOPSIGNAL|USER|VOLUME)\b/;
const layerPattern = /^(?:\/bin\/sh -c #\(nop\)\s+)?(?:ADD|COPY|RUN)\b|^\/bin\/sh -c (?!#\(nop\))/;

/**
 * The history as an engine's API tells it, newest first and without saying which entries made layers: that is concluded from the
 * sizes and instructions. Empty when no conclusion gives as many layers as the image has, since a wrong match of instructions
 * to layers is worse than none.
 */
export function daemonHistory(json: unknown, layerCount: number): readonly HistoryEntry[] {
  if (!Array.isArray(json)) return [];
  const entries = (json as unknown[]).toReversed().map((entry) => {
    const fields = isObject(entry) ? entry : {};
    const text = (name: string): string => (typeof fields[name] === "string" ? fields[name] : "");
    return { createdBy: text("CreatedBy"), comment: text("Comment"), hasSize: typeof fields["Size"] === "number" && fields["Size"] > 0 };
  });
  type Entry = (typeof entries)[number];
  const conclusions: readonly ((entry: Entry) => boolean)[] = [
    (entry) => entry.hasSize,
    (entry) => entry.hasSize || layerPattern.test(entry.createdBy),
    (entry) => entry.hasSize || !metadataPattern.test(entry.createdBy),
  ];
  const makesLayer = conclusions.find((conclusion) => entries.filter(conclusion).length === layerCount);
  if (!makesLayer) return [];
  return entries.map((entry) => ({ createdBy: entry.createdBy, comment: entry.comment, emptyLayer: !makesLayer(entry) }));
}
