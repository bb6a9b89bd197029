import { nameHash } from "./sourceBytes.ts";

/**
 * Calls that may import, load or start something by themselves, by the last part of their dotted name. With `qualified` only
 * behind another name (`subprocess.run`), since the plain word means too many other things.
 */
const rows: readonly { readonly names: string; readonly qualified?: RegExp }[] = [
  { names: "import_module __import__ load_module exec_module spec_from_file_location find_spec run_module run_path import_string" },
  { names: "entry_points iter_entry_points distributions packages_distributions" },
  {
    names: "version metadata distribution requires get_distribution",
    qualified: /metadata|pkg_resources|^(version|metadata|distribution|get_distribution)$/,
  },
  { names: "CDLL PyDLL LoadLibrary dlopen find_library" },
  { names: "attach attach_stub _LazyModule LazyModule", qualified: /^(lazy|lazy_loader|_lazy)\.|Lazy|^attach(_stub)?$/ },
  { names: "Popen check_call check_output create_subprocess_exec create_subprocess_shell posix_spawn" },
  { names: "run call system popen execv execve execvp execvpe execl execle execlp spawnv spawnvp", qualified: /^(subprocess|sp|os)\./ },
  { names: "getsource getsourcelines getsourcefile", qualified: /inspect/ },
];

const byHash = new Map<number, readonly { readonly name: string; readonly qualified?: RegExp }[]>();
for (const row of rows) {
  for (const name of row.names.split(" ")) {
    const known = byHash.get(nameHash(name)) ?? [];
    byHash.set(nameHash(name), [...known, { name, ...(row.qualified && { qualified: row.qualified }) }]);
  }
}

/** Cheap first test on the hash of the last part. */
export function mayBeOfInterest(lastPartHash: number): boolean {
  return byHash.has(lastPartHash);
}

/** `name`: the dotted name as written. */
export function isCallOfInterest(name: string): boolean {
  const lastPart = name.slice(name.lastIndexOf(".") + 1);
  const known = byHash.get(nameHash(lastPart)) ?? [];
  return known.some((row) => row.name === lastPart && (row.qualified === undefined || row.qualified.test(name)));
}
