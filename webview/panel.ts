import { registerElements } from "./elements.ts";
import { fill } from "./dom.ts";
import type { PanelHost } from "./host.ts";
import type { HostEvents } from "../src/protocol/messages.ts";
import { firstState, next, restored, saved, type ViewEvent, type ViewState } from "./state.ts";
import { ImageView } from "./views/imageView.ts";
import { emptyView, failedView, loadingView } from "./views/otherViews.ts";

type Connect = (onEvent: <Name extends keyof HostEvents>(name: Name, data: HostEvents[Name]) => void) => PanelHost;

/** Wires host, state and views. Every change goes through `dispatch`. */
export function startPanel(connect: Connect): void {
  registerElements();
  const root = document.querySelector("main");
  if (!root) throw new Error("the panel's page has no <main>");
  let state: ViewState = firstState;
  let image: ImageView | undefined;

  const dispatch = (event: ViewEvent): void => {
    state = next(state, event);
    host.save(saved(state));
    render();
  };
  const host = connect((name, data) => {
    if (name === "state") dispatch({ kind: "pushed", panel: data });
  });
  state = restored(host.savedState);

  const render = (): void => {
    const { panel } = state;
    root.dataset["state"] = panel.kind;
    if (panel.kind === "ready") {
      if (image?.imageName !== panel.imageName) {
        image = new ImageView(panel.imageName, host.link.host, dispatch);
        fill(root, image.element);
      }
      image.update({ ...state, panel });
      return;
    }
    image = undefined;
    if (panel.kind === "loading") loadingView(root, panel, host.link.host);
    else if (panel.kind === "failed") fill(root, failedView(panel, host.link.host));
    else fill(root, emptyView(host.link.host));
  };

  // Chart colours are read from the theme when they are drawn.
  new MutationObserver(() => image?.redraw()).observe(document.body, {
    attributes: true,
    attributeFilter: ["class", "data-vscode-theme-id"],
  });
  render();
  void host.link.host.ready().then((panel) => dispatch({ kind: "pushed", panel }));
}
