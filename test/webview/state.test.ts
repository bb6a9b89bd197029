import { expect, test } from "vitest";
import type { PanelState } from "../../src/protocol/messages.ts";
import { everyFile, firstState, next, restored, saved, type ViewState } from "../../webview/state.ts";
import { sampleFiles, sampleReport } from "../../webview/dev/sampleImage.ts";

const report = sampleReport(sampleFiles(200), "image");
const ready: PanelState = { kind: "ready", imageName: "demo:dev", report, inspectedAtEpochMs: 0, measure: "wholeBytes", edited: false };

function after(state: ViewState, ...events: Parameters<typeof next>[1][]): ViewState {
  return events.reduce(next, state);
}

test("the first push brings the host's measure", () => {
  expect(after(firstState, { kind: "pushed", panel: ready })).toMatchObject({ panel: ready, measure: "wholeBytes" });
});

test("the same image, estimated again, keeps what the user opened and searched", () => {
  const filter = { ...everyFile, search: "torch" };
  const opened = after(firstState, { kind: "pushed", panel: ready }, { kind: "layerToggled", layerIndex: 3 }, { kind: "filtered", filter });
  const again = after(opened, { kind: "pushed", panel: { ...ready, edited: true } });
  expect(again.openLayers).toEqual(new Set([3]));
  expect(again.filter).toEqual(filter);
});

test("another image starts afresh", () => {
  const opened = after(firstState, { kind: "pushed", panel: ready }, { kind: "layerToggled", layerIndex: 3 });
  const other = after(opened, { kind: "pushed", panel: { ...ready, imageName: "other" } });
  expect(other.openLayers.size).toBe(0);
  expect(other.filter).toEqual(everyFile);
});

test("the layer that the user came for is open", () => {
  const state = after(firstState, { kind: "pushed", panel: { ...ready, selectedLayer: 5 } });
  expect([...state.openLayers]).toEqual([5]);
});

test("toggling twice closes again and leaves the earlier state untouched", () => {
  const once = after(firstState, { kind: "packageToggled", key: "3 pip torch" });
  const twice = after(once, { kind: "packageToggled", key: "3 pip torch" });
  expect([...once.openPackages]).toEqual(["3 pip torch"]);
  expect(twice.openPackages.size).toBe(0);
});

test("a panel that comes back is where it was", () => {
  const filter = { ...everyFile, touched: "untouched" as const };
  const before = after(firstState, { kind: "pushed", panel: ready }, { kind: "layerToggled", layerIndex: 2 }, { kind: "filtered", filter });
  const back = after(restored(JSON.parse(JSON.stringify(saved(before)))), { kind: "pushed", panel: ready });
  expect(back.openLayers).toEqual(before.openLayers);
  expect(back.filter).toEqual(before.filter);
});

test.each([[undefined], [null], ["text"], [{}], [{ openLayers: "no", openPackages: 3, filter: null, imageName: 7 }]])(
  "what was kept wrongly (%j) is no harm",
  (value) => {
    const state = restored(value);
    expect(state.panel.kind).toBe("empty");
    expect(state.openLayers.size + state.openPackages.size).toBe(0);
    expect(state.filter).toEqual(everyFile);
  },
);
