import { parseJsonObject } from "../../base/json.ts";
import { nameOf, textOf } from "../paths.ts";
import type { ImportWalk } from "./importWalk.ts";

/** Paths that code, arguments or settings name: files are opened, model folders by what their loaders read. */

const weightFiles = /\.(bin|pt|pth|gguf|onnx|ckpt|h5|keras|tflite|msgpack)$/;

export function usePath(imports: ImportWalk, path: string, probability: number, evidence: string): void {
  if (probability < 0.1 || /^\/(proc|dev|sys)\//.test(path) || path.includes("\0")) return;
  const entry = imports.walk.catalog.resolve(path);
  if (entry === undefined) return;
  if (entry.type === "directory") {
    if (entry.path.split("/").length > 2) useModelFolder(imports, entry.path, probability, evidence);
    return;
  }
  imports.open(path, "py-path", probability, evidence);
  if (/\.(joblib|pkl|pickle)$/.test(path)) importPickled(imports, path, probability);
}

/** Unpickling imports the modules of the pickled classes. */
function importPickled(imports: ImportWalk, path: string, probability: number): void {
  for (const module of (textOf(imports.walk.catalog, path) ?? "").split("\n").filter(Boolean))
    imports.importModule(module, probability, "py-pickle", `${nameOf(path)} → ${module}`);
}

/** A folder with weights, as Hugging Face's libraries lay it out. */
function useModelFolder(imports: ImportWalk, folder: string, probability: number, evidence: string): void {
  const { catalog } = imports.walk;
  const names = catalog.list(folder);
  const isModel = names.some((name) => name === "config.json" || name === "model_index.json" || /\.(safetensors|gguf|onnx)$/.test(name));
  if (!isModel) return;
  const open = (name: string): void => imports.open(`${folder}/${name}`, "py-weights", probability, evidence);
  for (const name of [
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "model_index.json",
  ])
    open(name);
  const tensors = names.filter((name) => name.endsWith(".safetensors"));
  if (tensors.length > 0) for (const name of sharded(imports, folder, names, tensors)) open(name);
  else for (const name of names.filter((one) => weightFiles.test(one))) open(name);
  if (!names.includes("tokenizer.json"))
    for (const name of ["vocab.json", "merges.txt", "tokenizer.model", "vocab.txt", "spiece.model"]) open(name);
  importArchitecture(imports, folder, probability);
}

/** With an index only the shards it names are loaded, not what lies beside them. */
function sharded(imports: ImportWalk, folder: string, names: readonly string[], tensors: readonly string[]): readonly string[] {
  const index = "model.safetensors.index.json";
  if (!names.includes(index)) return tensors;
  const map = parseJsonObject(textOf(imports.walk.catalog, `${folder}/${index}`) ?? "")?.["weight_map"];
  if (typeof map !== "object" || map === null) return [index, ...tensors];
  return [index, ...new Set(Object.values(map).filter((name): name is string => typeof name === "string" && tensors.includes(name)))];
}

/** transformers loads the modules of the architecture that config.json names. */
function importArchitecture(imports: ImportWalk, folder: string, probability: number): void {
  const type = parseJsonObject(textOf(imports.walk.catalog, `${folder}/config.json`) ?? "")?.["model_type"];
  if (typeof type !== "string" || !/^[\w-]{1,60}$/.test(type) || imports.finder.find("transformers") === undefined) return;
  const name = type.replaceAll("-", "_");
  const base = `transformers.models.${name}`;
  for (const module of [base, `${base}.configuration_${name}`, `${base}.modeling_${name}`, `${base}.tokenization_${name}_fast`])
    imports.importModule(module, probability, "py-weights-architecture", `${folder}/config.json → ${type}`);
}
