import { parseJsonObject } from "../../base/json.ts";
import { folderOf, joinPath, nameOf, textOf } from "../paths.ts";
import { openedThreshold } from "../startupSet.ts";
import type { CatalogEntry } from "../../facts/fileCatalog.ts";
import type { Reading } from "../startupSet.ts";
import type { ImportWalk } from "./importWalk.ts";

/** Paths that code, arguments or settings name: files are opened, model folders by what their loaders read. */

const weightFiles = /\.(bin|pt|pth|gguf|onnx|ckpt|h5|keras|tflite|msgpack|engine|plan)$/;

/** `reading`: how the call that names it reads the file, when its arguments tell. */
export function usePath(imports: ImportWalk, path: string, probability: number, evidence: string, reading?: Reading): void {
  if (probability < 0.1 || /^\/(proc|dev|sys)\//.test(path) || path.includes("\0")) return;
  const entry = imports.walk.catalog.resolve(path);
  if (entry === undefined) return;
  if (entry.type === "directory") {
    // Folders below the root may hold anything.
    const isDeep = entry.path.split("/").length > 2;
    const names = imports.walk.catalog.list(entry.path);
    if (isDeep || names.some((name) => weightFiles.test(name) || name.endsWith(".safetensors")))
      useModelFolder(imports, entry.path, probability, evidence);
    return;
  }
  imports.open(path, "py-path", probability, evidence, reading);
  if (path.endsWith(".onnx")) openExternalData(imports, entry, probability);
  if (/\.(ya?ml|toml|json|ini|cfg)$/.test(path) && imports.finder.isApplication(entry.path))
    followSettings(imports, entry.path, probability);
  if (/\.(joblib|pkl|pickle)$/.test(path)) importPickled(imports, path, probability);
}

/** Tensors that an ONNX model keeps in files beside it, by its own word. */
function openExternalData(imports: ImportWalk, model: CatalogEntry, probability: number): void {
  const fact = imports.walk.catalog.fact(model);
  const named = fact?.kind === "weights" ? fact.externalData : undefined;
  const { path } = model;
  const beside = named?.map((name) => joinPath(folderOf(path), name)) ?? [`${path}.data`, `${path}_data`];
  for (const file of beside) imports.open(file, "py-weights", probability, `${nameOf(path)} keeps its weights there`);
}

const settingsRead = new WeakMap<ImportWalk, Set<string>>();

/** A settings file that the program reads may name modules of the application, and files. */
function followSettings(imports: ImportWalk, path: string, probability: number): void {
  const seen = settingsRead.get(imports) ?? new Set<string>();
  settingsRead.set(imports, seen);
  if (seen.has(path) || seen.size > 50 || /\/(config|model_index|generation_config|tokenizer\w*|special_tokens_map)\.json$/.test(path))
    return;
  seen.add(path);
  const words = new Set(
    textOf(imports.walk.catalog, path)
      ?.match(/[\w./:-]{3,200}/g)
      ?.slice(0, 2000),
  );
  for (const word of words) {
    const evidence = `${nameOf(path)} → ${word}`;
    const name = /^[A-Za-z_]\w*(\.\w+)*(:\w+)?$/.test(word) ? (word.split(":")[0] as string) : undefined;
    if (name !== undefined && (name.includes(".") || word.includes(":"))) {
      for (const module of [name, name.slice(0, Math.max(0, name.lastIndexOf(".")))]) {
        const spec = module === "" ? undefined : imports.finder.find(module);
        if (spec === undefined || !("path" in spec) || !imports.finder.isApplication(spec.path)) continue;
        imports.importModule(module, probability * 0.7, "py-string", evidence);
        break;
      }
    }
    if (/[\w]\.\w|\//.test(word))
      for (const folder of [imports.command.cwd, folderOf(path)]) usePath(imports, joinPath(folder, word), probability * 0.6, evidence);
  }
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
  if (names.includes("config.cfg") && names.includes("meta.json")) useSpacyModel(imports, folder, probability, evidence);
  if (names.includes("saved_model.pb")) {
    for (const name of [
      "saved_model.pb",
      "fingerprint.pb",
      "variables/variables.index",
      ...catalog.list(`${folder}/variables`).map((name) => `variables/${name}`),
    ])
      imports.open(`${folder}/${name}`, "py-weights", probability, evidence);
    return;
  }
  const isModel = names.some((name) => name === "config.json" || name === "model_index.json" || /\.(safetensors|gguf|onnx)$/.test(name));
  if (!isModel) return;
  // torch maps tensors and reads them when they are used; without it they are copied into arrays of NumPy or JAX.
  const copies = imports.finder.find("torch") === undefined;
  const open = (name: string): void => {
    const reading = copies && name.endsWith(".safetensors") ? "read" : undefined;
    imports.open(`${folder}/${name}`, "py-weights", probability, evidence, reading);
  };
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
  else
    for (const name of names.filter((one) => weightFiles.test(one))) {
      open(name);
      const model = name.endsWith(".onnx") ? catalog.file(`${folder}/${name}`) : undefined;
      if (model !== undefined) openExternalData(imports, model, probability);
    }
  // CTranslate2, which faster-whisper is made with, reads its vocabulary beside the model.
  if (names.includes("model.bin")) for (const name of names) if (/vocabulary\.(json|txt)$/.test(name)) open(name);
  if (!names.includes("tokenizer.json"))
    for (const name of ["vocab.json", "merges.txt", "tokenizer.model", "vocab.txt", "spiece.model"]) open(name);
  importArchitecture(imports, folder, probability);
}

/** spaCy reads everything that it saved, and imports the language that the settings name. */
function useSpacyModel(imports: ImportWalk, folder: string, probability: number, evidence: string): void {
  const { catalog } = imports.walk;
  const visit = (path: string, depth: number): void => {
    for (const name of catalog.list(path).slice(0, 500)) {
      const inner = `${path}/${name}`;
      if (catalog.resolve(inner)?.type !== "directory") imports.open(inner, "py-weights", probability, evidence);
      else if (depth < 4) visit(inner, depth + 1);
    }
  };
  visit(folder, 0);
  const language = /^\s*lang\s*=\s*"(\w+)"/m.exec(textOf(catalog, `${folder}/config.cfg`) ?? "")?.[1];
  const languages = [...(language === undefined ? [] : [language]), "ja", "ko", "th", "vi", "zh"];
  // Its registry of functions imports these languages, whichever is asked for (spacy/registrations.py).
  for (const one of languages) imports.importModule(`spacy.lang.${one}`, probability * 0.9, "py-weights-architecture", evidence);
  imports.importModule("spacy.pipeline.factories", probability * 0.9, "py-weights-architecture", evidence);
}

/** With an index only the shards it names are loaded, not what lies beside them. */
function sharded(imports: ImportWalk, folder: string, names: readonly string[], tensors: readonly string[]): readonly string[] {
  const index = "model.safetensors.index.json";
  if (!names.includes(index)) return tensors;
  const map = parseJsonObject(textOf(imports.walk.catalog, `${folder}/${index}`) ?? "")?.["weight_map"];
  if (typeof map !== "object" || map === null) return [index, ...tensors];
  return [index, ...new Set(Object.values(map).filter((name): name is string => typeof name === "string" && tensors.includes(name)))];
}

/**
 * transformers loads the modules of the architecture that config.json names; servers with models of their own keep a module for
 * each in a package called `models`.
 */
function importArchitecture(imports: ImportWalk, folder: string, probability: number): void {
  const config = parseJsonObject(textOf(imports.walk.catalog, `${folder}/config.json`) ?? "");
  const type = config?.["model_type"];
  const architectures = config?.["architectures"];
  const named: readonly unknown[] = Array.isArray(architectures) ? architectures : [];
  const classes = named.filter((name): name is string => typeof name === "string" && /^\w{1,100}$/.test(name));
  const names = [
    ...(typeof type === "string" && /^[\w-]{1,60}$/.test(type) ? [type.replaceAll("-", "_")] : []),
    ...classes.map(moduleOfClass),
  ];
  const [name] = names;
  if (name === undefined) return;
  const evidence = `${folder}/config.json → ${name}`;
  if (typeof type === "string" && imports.probabilityOf("transformers") >= openedThreshold) {
    const base = `transformers.models.${name}`;
    for (const module of [base, `${base}.configuration_${name}`, `${base}.modeling_${name}`, `${base}.tokenization_${name}_fast`])
      imports.importModule(module, probability, "py-weights-architecture", evidence);
  }
  const owner = imports.programPackage();
  if (owner === undefined || owner === "transformers") return;
  const known = ["models", "model_executor.models", "srt.models"].map((part) => `${owner}.${part}`);
  for (const models of new Set([...known, ...imports.importedBelow(new RegExp(`^${owner}\\.([\\w.]+\\.)?models$`))]))
    for (const one of new Set(names)) imports.importModule(`${models}.${one}`, probability * 0.9, "py-weights-architecture", evidence);
}

/** `TinyLlamaForCausalLM`: `tiny_llama`, as modules of model architectures are named. */
function moduleOfClass(name: string): string {
  return name
    .replace(/(For[A-Z]|Model$|LMHead).*$/, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
