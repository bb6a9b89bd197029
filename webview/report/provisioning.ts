import type { PanelDocument } from "../../src/protocol/reportMessages.ts";
import { measuredProvisioning, provisioningStart, type ProvisioningStart } from "../../src/results/measuredProvisioning.ts";
import type { ReportViewState } from "./reportState.ts";

/** What the wait for a new node begins from: the report's own boots, else those of a report that was picked to compare. */
export function measuredOrAssumed({ boot }: PanelDocument, { history = [], compared }: ReportViewState): ProvisioningStart {
  const others = history.flatMap(({ id, fileName, boots, isShown }) =>
    !isShown && compared.has(id) ? [{ name: fileName, measured: boots?.provisioning }] : [],
  );
  return provisioningStart(boot && measuredProvisioning(boot), others);
}
