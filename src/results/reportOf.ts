import type { Finding, PlacedFinding } from "../findings/finding.ts";
import { imageFindings } from "../findings/imageFindings.ts";
import type { Image } from "../image/image.ts";
import type { Inspection } from "../inspect/inspection.ts";
import type { Report, ReportFinding, ReportLayer, ReportPackage } from "./report.ts";

/** The saved and shown form of an inspection. Pure. `findings`: those with places in a Dockerfile, where there is one. */
export function reportOf(
  inspection: Inspection,
  nowEpochMs: number,
  findings: readonly (Finding | PlacedFinding)[] = imageFindings(inspection),
): Report {
  const { image, estimate } = inspection;
  return {
    schemaVersion: 1,
    createdAtEpochMs: nowEpochMs,
    image: {
      reference: image.reference,
      digest: image.digest ?? null,
      configDigest: image.configDigest,
      platform: platformText(image),
      origin: image.origin,
      originLabel: image.originLabel,
    },
    totals: estimate.totals,
    estimate: {
      ...estimate.measures,
      chunkSizeBytes: estimate.chunkSizeBytes,
      afterRequest: estimate.afterRequest,
      confidence: estimate.confidence,
      flags: estimate.flags,
      commands: estimate.commands.map((command) => ({
        argv: command.argv,
        executable: command.executable ?? null,
        probability: command.probability,
      })),
    },
    layers: reportLayers(inspection),
    packages: reportPackages(inspection),
    files: estimate.files,
    requestFiles: estimate.requestFiles,
    weights: estimate.weights,
    findings: findings.map(reportFinding),
    problems: inspection.problems,
  };
}

export function reportFinding(finding: Finding | PlacedFinding): ReportFinding {
  const { code, severity, message, advice, sizeBytes, readBytes, fileCount, evidence, layerIndex, sourceLayerIndex } = finding;
  const place = "place" in finding ? finding.place : null;
  return {
    code,
    severity,
    message,
    advice,
    sizeBytes,
    readBytes,
    files: fileCount,
    evidence,
    layerIndex,
    sourceLayerIndex: sourceLayerIndex ?? null,
    line: place ? place.range.startLine + 1 : null,
  };
}

function platformText(image: Image): string {
  const { os, architecture, variant } = image.platform;
  return variant ? `${os}/${architecture}/${variant}` : `${os}/${architecture}`;
}

function reportLayers({ image, estimate }: Inspection): ReportLayer[] {
  const makers = image.config.history.filter((entry) => !entry.emptyLayer);
  const historyFits = makers.length === image.layers.length;
  return image.layers.map((layer, index) => {
    const counts = estimate.layers[index];
    return {
      index,
      diffId: layer.diffId,
      digest: layer.digest ?? null,
      blobSizeBytes: layer.blobSizeBytes ?? null,
      createdBy: historyFits ? (makers[index]?.createdBy ?? "") : "",
      files: counts?.files ?? 0,
      bytes: counts?.bytes ?? 0,
      openedFiles: counts?.openedFiles ?? 0,
      wholeBytes: counts?.wholeBytes ?? 0,
      pageBytes: counts?.pageBytes ?? 0,
      chunkBytes: counts?.chunkBytes ?? 0,
    };
  });
}

function reportPackages(inspection: Inspection): ReportPackage[] {
  const openedByPath = new Map(inspection.estimate.files.map((file) => [file.path, file]));
  const packages = inspection.packages.map((owner) => {
    const sums = { files: 0, bytes: 0, openedFiles: 0, wholeBytes: 0, pageBytes: 0 };
    const bytesByLayer = new Map<number, number>();
    for (const path of owner.paths) {
      const entry = inspection.catalog.get(path);
      if (!entry || (entry.type !== "file" && entry.type !== "hardlink")) continue;
      sums.files++;
      sums.bytes += entry.sizeBytes;
      bytesByLayer.set(entry.layerIndex, (bytesByLayer.get(entry.layerIndex) ?? 0) + entry.sizeBytes);
      const opened = openedByPath.get(path);
      if (!opened) continue;
      sums.openedFiles++;
      sums.wholeBytes += opened.sizeBytes;
      sums.pageBytes += opened.pageBytes;
    }
    const layerIndex = [...bytesByLayer].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
    return { manager: owner.manager, name: owner.name, version: owner.version, layerIndex, ...sums };
  });
  return packages.filter((sums) => sums.files > 0).sort((a, b) => b.bytes - b.pageBytes - (a.bytes - a.pageBytes));
}
