import { joinPath } from "../paths.ts";
import { dottedName, type Expression } from "./expression.ts";

/** A value as far as it is known; undefined: not known. Path objects count as strings. */
export type Value = string | number | boolean | null | readonly Value[] | ReadonlyMap<string, Value> | undefined;

/** What an expression may refer to. */
export interface Surroundings {
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  /** `sys.executable`. */
  readonly executable?: string;
  /** `__file__`. */
  readonly file: string;
  /** CPython's minor version. */
  readonly minor: number;
  /** `__name__` and `__package__` of a module that was imported. */
  readonly module?: string;
  readonly package?: string;
  /** `__name__ == "__main__"`. */
  readonly isMain: boolean;
  /** Whether an import of this name would find something. */
  hasModule(name: string): boolean;
  /** Whether the top package that the text belongs to has this submodule. */
  hasPart(name: string): boolean;
  /** The major version of an installed distribution; undefined when it is not installed. */
  majorVersion?(distribution: string): number | undefined;
  /** The expression that a name was last assigned, with the surroundings in which it stands. */
  lookUp(name: string): { readonly expression: Expression; readonly surroundings: Surroundings } | undefined;
}

const deepest = 12;
const longestString = 4096;

/** Names that are false on Linux with CPython 3, whatever library defines them. */
const falseNames =
  /^_?(TYPE_CHECKING|MYPY|PY2|IS_PY2|(IS_)?(WINDOWS|WIN32|WIN|MACOS|MACOSX|DARWIN|PYPY|CYGWIN|PYODIDE|EMSCRIPTEN|JYTHON)|is_pypy|IS_WASM)$/;
const trueNames = /^_?(PY3|IS_PY3|(IS_)?LINUX|__debug__)$/;

/** What the expression is worth at startup, so far as the text tells. Never throws. */
export function evaluate(expression: Expression, at: Surroundings, depth = 0): Value {
  if (depth > deepest) return undefined;
  const value = (inner: Expression): Value => evaluate(inner, at, depth + 1);
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "format": {
      const parts = expression.parts.map(value);
      return parts.every((part) => typeof part === "string" || typeof part === "number") ? bounded(parts.join("")) : undefined;
    }
    case "name":
      return nameValue(expression.name, at, depth);
    case "attribute":
      return attributeValue(expression, at, value);
    case "call":
      return callValue(expression, at, value);
    case "subscript":
      return subscriptValue(expression, at, value);
    case "list":
      return expression.items.map(value);
    case "dict":
      return new Map(expression.keys.map((key, index) => [keyText(value(key)), value(expression.values[index] as Expression)]));
    case "not": {
      const truth = truthOf(value(expression.of));
      return truth === undefined ? undefined : !truth;
    }
    case "binary":
      return binaryValue(expression.operator, value(expression.left), () => value(expression.right), expression.left, at);
    case "choice": {
      const truth = truthOf(value(expression.test));
      return truth === undefined ? (value(expression.then) ?? value(expression.else)) : value(truth ? expression.then : expression.else);
    }
    case "unknown":
      return undefined;
  }
}

/** Dictionary keys that are no text or number are not told apart. */
function keyText(value: Value): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Python's truth of a value; undefined when it is not known. */
export function truthOf(value: Value): boolean | undefined {
  if (value === undefined) return undefined;
  if (value instanceof Map) return value.size > 0;
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function bounded(text: string): string | undefined {
  return text.length > longestString ? undefined : text;
}

function nameValue(name: string, at: Surroundings, depth: number): Value {
  if (name === "__file__") return at.file;
  if (name === "__name__") return at.isMain ? "__main__" : (at.module ?? "");
  if (name === "__package__") return at.package;
  if (falseNames.test(name)) return false;
  if (trueNames.test(name)) return true;
  const flag = availability(name, at) ?? versionFlag(name, at);
  if (flag !== undefined) return flag;
  const known = at.lookUp(name);
  return known === undefined ? undefined : evaluate(known.expression, known.surroundings, depth + 1);
}

/** `HAS_TORCH`, `_torch_available`, `is_torch_available`: true when that module is there; a name that fits no module says nothing. */
function availability(name: string, at: Surroundings): boolean | undefined {
  const module = /^_?(?:has|HAS|HAVE)_(\w+)$/.exec(name)?.[1] ?? /^_?(?:is_)?(\w+?)_(?:is_)?(?:available|installed)$/i.exec(name)?.[1];
  return module !== undefined && (at.hasModule(module.toLowerCase()) || at.hasPart(module.toLowerCase())) ? true : undefined;
}

/** `PYDANTIC_V2`, `IS_NUMPY_2`: whether the installed distribution has at least this major version. */
function versionFlag(name: string, at: Surroundings): boolean | undefined {
  const [, distribution, major] = /^_?(?:IS_|USES?_|USING_|HAS_)?([A-Z][A-Z0-9]*?)_?(?:VERSION_?|GTE?_?|GE_?)?V?_?(\d)$/.exec(name) ?? [];
  const installed = distribution === undefined ? undefined : at.majorVersion?.(distribution);
  return installed === undefined ? undefined : installed >= Number(major);
}

function attributeValue(expression: Expression & { kind: "attribute" }, at: Surroundings, value: (inner: Expression) => Value): Value {
  if (falseNames.test(expression.name)) return false;
  const name = dottedName(expression)?.replace(/^_(?=sys\.|os\.)/, "");
  switch (name ?? "") {
    case "sys.platform":
      return "linux";
    case "os.name":
      return "posix";
    case "os.environ":
      return at.env;
    case "os.sep":
      return "/";
    case "__spec__.parent":
      return at.package;
    case "__spec__.name":
      return at.module;
    case "sys.executable":
      return at.executable;
    case "sys.version_info":
      return [3, at.minor, 7, "final", 0];
    case "sys.version_info.major":
      return 3;
    case "sys.version_info.minor":
      return at.minor;
    case "sys.hexversion":
      return 0x03000000 + at.minor * 0x10000 + 0x0700f0;
    case "sys.implementation.name":
      return "cpython";
    case "sys.flags.optimize":
      return 0;
  }
  // click calls a group's own function for nothing else but itself when no word named a command.
  if (expression.name === "invoked_subcommand") return null;
  const of = value(expression.of);
  if (typeof of !== "string") return undefined;
  if (expression.name === "parent") return folderName(of);
  if (expression.name === "name") return of.slice(of.lastIndexOf("/") + 1);
  return undefined;
}

function folderName(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash > 0 ? path.slice(0, slash) : slash === 0 ? "/" : ".";
}

function absolute(path: Value, at: Surroundings): Value {
  return typeof path === "string" ? joinPath(at.cwd, path) : undefined;
}

function joined(parts: readonly Value[]): Value {
  let path = "";
  for (const part of parts) {
    if (typeof part !== "string") return undefined;
    path = part.startsWith("/") || path === "" ? part : `${path.replace(/\/$/, "")}/${part}`;
  }
  return bounded(path);
}

/** `is_torch_available()`: unlike with constants, a module that is missing makes it false; `torch_sdpa` may be a part of torch. */
function availabilityCall(name: string, at: Surroundings): boolean | undefined {
  const written = /^is_(\w+)_available$/.exec(name)?.[1];
  if (written === undefined) return undefined;
  const module = written === "tf" ? "tensorflow" : written === "vision" ? "PIL" : written;
  if ([module, `${module}2`, `${module}3`, `py${module}`, `python_${module}`, module.replaceAll("_", "")].some((one) => at.hasModule(one)))
    return true;
  const parts = module.split("_");
  return parts.some((_, index) => index > 0 && at.hasModule(parts.slice(0, index).join("_"))) ? undefined : false;
}

function callValue(expression: Expression & { kind: "call" }, at: Surroundings, value: (inner: Expression) => Value): Value {
  const name = dottedName(expression.callee) ?? "";
  const first = expression.positional[0];
  const short = name.slice(name.lastIndexOf(".") + 1);
  if (/(^|\.)environ\.(get|setdefault|pop)$|(^|\.)getenv$/.test(name) || (/^(config|env|settings)$/.test(name) && first !== undefined)) {
    const key = first && value(first);
    const found = typeof key === "string" ? at.env.get(key) : undefined;
    const fallback = expression.positional[1] ?? expression.keywords.find((keyword) => keyword.name === "default")?.value;
    return found ?? (fallback === undefined ? (/environ|getenv/.test(name) ? null : undefined) : value(fallback));
  }
  if (/(^|\.)path\.join$/.test(name) || name === "join") return joined(expression.positional.map(value));
  if (/(^|\.)(getcwd|cwd)$/.test(name)) return at.cwd;
  if (name === "Path.home" || name === "pathlib.Path.home") return at.env.get("HOME") ?? "/root";
  if (/(^|\.)platform\.(system|python_implementation)$/.test(name)) return short === "system" ? "Linux" : "CPython";
  if (/^_?sys\.platform\.(startswith|lower)$/.test(name)) {
    const prefix = first && value(first);
    if (short === "lower") return "linux";
    return Array.isArray(prefix) ? prefix.includes("linux") : typeof prefix === "string" ? "linux".startsWith(prefix) : undefined;
  }
  if (short === "find_spec") {
    const module = first && value(first);
    return typeof module === "string" ? (at.hasModule(module) ? true : null) : undefined;
  }
  // A current OpenSSL and C library can do what a module says that it may lack: `getattr(ssl, "HAS_SNI", False)`.
  if (name === "getattr" && first?.kind === "name" && at.hasModule(first.name)) {
    const attribute = expression.positional[1];
    if (attribute?.kind === "constant" && typeof attribute.value === "string" && /^HAS_[A-Z]/.test(attribute.value)) return true;
  }
  const isAvailable = expression.positional.length === 0 ? availabilityCall(short, at) : undefined;
  if (isAvailable !== undefined) return isAvailable;
  if (first !== undefined) {
    if (/(^|\.)path\.dirname$|^dirname$/.test(name)) {
      const path = value(first);
      return typeof path === "string" ? folderName(path) : undefined;
    }
    if (/(^|\.)(abspath|realpath)$/.test(name)) return absolute(value(first), at);
    if (/(^|\.)path\.(normpath|expanduser|expandvars)$/.test(name)) return value(first);
    if (/(^|\.)(Path|PurePath|PosixPath)$/.test(name)) return joined(expression.positional.map(value));
    if (/^(str|os\.fspath|fspath|Path|bool|int|tuple|list|set|sorted)$/.test(name)) return value(first);
  }
  if (expression.callee.kind !== "attribute") return undefined;
  const of = value(expression.callee.of);
  if (typeof of !== "string") return undefined;
  switch (expression.callee.name) {
    case "resolve":
    case "absolute":
      return absolute(of, at);
    case "expanduser":
      return of.startsWith("~/") ? (at.env.get("HOME") ?? "/root") + of.slice(1) : of;
    case "as_posix":
    case "strip":
    case "lower":
    case "encode":
    case "decode":
    case "__str__":
      return expression.callee.name === "lower" ? of.toLowerCase() : of;
    case "split":
      return expression.positional.length === 0 ? of.split(/\s+/).filter(Boolean) : undefined;
    case "joinpath":
      return joined([of, ...expression.positional.map(value)]);
    case "startswith": {
      const prefix = first && value(first);
      return typeof prefix === "string" ? of.startsWith(prefix) : undefined;
    }
    case "with_name": {
      const last = first && value(first);
      return joined([folderName(of), last]);
    }
  }
  return undefined;
}

function subscriptValue(expression: Expression & { kind: "subscript" }, at: Surroundings, value: (inner: Expression) => Value): Value {
  const index = value(expression.index);
  const name = dottedName(expression.of) ?? "";
  if (/(^|\.)environ$/.test(name)) return typeof index === "string" ? at.env.get(index) : undefined;
  if (/(^|\.)version_info$/.test(name) && index === undefined) return [3, at.minor];
  if (expression.of.kind === "attribute" && expression.of.name === "parents" && typeof index === "number") {
    let path = value(expression.of.of);
    for (let up = 0; up <= index && up < 40 && typeof path === "string"; up++) path = folderName(path);
    return path;
  }
  const of = value(expression.of);
  if (Array.isArray(of) && typeof index === "number") return (of as readonly Value[])[index < 0 ? of.length + index : index];
  return of instanceof Map && (typeof index === "string" || typeof index === "number")
    ? (of as ReadonlyMap<string, Value>).get(String(index))
    : undefined;
}

function binaryValue(operator: string, left: Value, rightOf: () => Value, leftExpression: Expression, at: Surroundings): Value {
  if (operator === "and" || operator === "or") {
    const truth = truthOf(left);
    if (truth === (operator === "or")) return left;
    const right = rightOf();
    // Unknown or true is true, unknown and false is false.
    if (truth === undefined) return truthOf(right) === (operator === "or") ? right : undefined;
    return right;
  }
  const right = rightOf();
  if (operator === "/" && typeof left === "string" && typeof right === "string") return joined([left, right]);
  if (operator === "+") {
    if (typeof left === "string" && typeof right === "string") return bounded(left + right);
    if (Array.isArray(left) && Array.isArray(right)) return [...(left as readonly Value[]), ...(right as readonly Value[])].slice(0, 2000);
  }
  if (operator === "%" && typeof left === "string" && (typeof right === "string" || typeof right === "number"))
    return bounded(left.replace(/%[sd]/, () => String(right)));
  return compare(operator, left, right, leftExpression, at);
}

function compare(operator: string, left: Value, right: Value, leftExpression: Expression, at: Surroundings): Value {
  if (dottedName(leftExpression) === "__name__" && typeof right === "string")
    return operator === "==" ? (right === "__main__") === at.isMain : operator === "!=" ? (right === "__main__") !== at.isMain : undefined;
  if (left === undefined || right === undefined) return undefined;
  if (operator === "in" || operator === "not in") {
    const holds =
      typeof right === "string" && typeof left === "string"
        ? right.includes(left)
        : Array.isArray(right)
          ? (right as readonly Value[]).includes(left)
          : right instanceof Map
            ? (right as ReadonlyMap<string, Value>).has(keyText(left))
            : undefined;
    return holds === undefined ? undefined : holds === (operator === "in");
  }
  const order = orderOf(left, right);
  if (order === undefined) return undefined;
  switch (operator) {
    case "==":
    case "is":
      return order === 0;
    case "!=":
    case "is not":
      return order !== 0;
    case "<":
      return order < 0;
    case ">":
      return order > 0;
    case "<=":
      return order <= 0;
    case ">=":
      return order >= 0;
  }
  return undefined;
}

/** Negative, zero or positive; tuples element by element, as `sys.version_info >= (3, 8)` needs it. */
function orderOf(left: Value, right: Value): number | undefined {
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let index = 0; index < Math.min(left.length, right.length); index++) {
      const order = orderOf(left[index] as Value, right[index] as Value);
      if (order !== 0) return order;
    }
    return left.length - right.length;
  }
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : left > right ? 1 : 0;
  return left === right ? 0 : typeof left === "boolean" || left === null || typeof right === "boolean" || right === null ? 1 : undefined;
}
