/** The door to boots, opened by `await import`. */
export { bootReportOf } from "../../boot/bootReport.ts";
export { collectFromNodes } from "../../boot/node/collectFromNodes.ts";
export { readBoots } from "../../boot/readBoots.ts";
export { withSettings } from "../../boot/workClasses.ts";
export { defaultProbeImage } from "../../cluster/probeImage.ts";
