import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { must, temporaryFolder } from "../parts/process.ts";

export interface StandInRow {
  readonly name: string;
  readonly kind: "Node" | "Deployment" | "Service";
  readonly namespace?: string;
}

/**
 * An extension that takes the place of Microsoft's Kubernetes extension, which cannot be had without the marketplace: its id, its tree's id, the
 * `contextValue`s of its rows, and its API v1 for who is handed one of them. The path of the package.
 */
export async function kubernetesStandIn(rows: readonly StandInRow[]): Promise<string> {
  const folder = temporaryFolder("kubernetes");
  const put = (path: string, content: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  const view = { id: "extension.vsKubernetesExplorer", name: "Clusters" };
  put(
    "package.json",
    JSON.stringify({
      name: "vscode-kubernetes-tools",
      publisher: "ms-kubernetes-tools",
      version: "1.0.0",
      engines: { vscode: "^1.90.0" },
      main: "./extension.js",
      license: "MIT",
      contributes: {
        viewsContainers: { activitybar: [{ id: "kubernetesView", title: "Kubernetes", icon: "$(server)" }] },
        views: { kubernetesView: [view] },
      },
    }),
  );
  put("LICENSE", "MIT\n");
  put("README.md", "Stands in for the Kubernetes extension.\n");
  put(
    "extension.js",
    `const vscode = require("vscode");
const rows = ${JSON.stringify(rows)};
exports.activate = () => {
  vscode.window.registerTreeDataProvider(${JSON.stringify(view.id)}, {
    getChildren: (row) => (row ? [] : rows),
    getTreeItem: (row) => Object.assign(new vscode.TreeItem(row.name), { contextValue: "vsKubernetes.resource." + row.kind.toLowerCase() }),
  });
  const resolveCommandTarget = (target) =>
    rows.includes(target)
      ? { nodeType: "resource", name: target.name, namespace: target.namespace ?? null, resourceKind: { manifestKind: target.kind } }
      : undefined;
  const explorer = { available: true, api: { resolveCommandTarget } };
  return {
    apiVersion: "1.0",
    get: (component, version) => (component === "clusterexplorer" && version === "v1" ? explorer : { available: false, reason: "version-unknown" }),
  };
};
`,
  );
  const target = join(folder, "stand-in.vsix");
  const vsce = join(import.meta.dirname, "..", "..", "..", "node_modules", ".bin", "vsce");
  await must([vsce, "package", "--no-dependencies", "--allow-missing-repository", "-o", target], { cwd: folder });
  return target;
}
