import type { PythonClass } from "../../facts/python/pythonFact.ts";
import type { NameIndex, SourceModule } from "./moduleIndex.ts";

/** What parameters are worth. */
export type Bindings = ReadonlyMap<string, string | number | boolean | null>;

/** Where a statement stands. */
export interface Scope {
  readonly module: SourceModule;
  /** Full name, `__main__` for the program itself. */
  readonly name: string;
  /** What relative imports start from. */
  readonly package: string;
  /** Names of the function's own body, when in one. */
  readonly locals?: NameIndex;
  /** The class that `self` belongs to. */
  readonly self?: ClassInScope;
  /** The class whose body defines the running method: `super()` begins at its bases. */
  readonly definedIn?: ClassInScope;
  /** Arguments whose value is known: the name that a module's `__getattr__` is asked for. */
  readonly bindings?: Bindings;
  readonly depth: number;
  readonly isMain: boolean;
}

export interface ClassInScope {
  readonly node: PythonClass;
  readonly scope: Scope;
}
