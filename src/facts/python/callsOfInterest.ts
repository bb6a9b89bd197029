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
  { names: "load_entry_point" },
  { names: "exec eval", qualified: /^(exec|eval)$/ },
  { names: "load", qualified: /(^|\.)hub\.load$/ },
  { names: "CDLL PyDLL LoadLibrary dlopen find_library" },
  { names: "attach attach_stub _LazyModule LazyModule", qualified: /^(lazy|lazy_loader|_lazy)\.|Lazy|^attach(_stub)?$/ },
  { names: "Popen check_call check_output create_subprocess_exec create_subprocess_shell posix_spawn" },
  { names: "run call system popen execv execve execvp execvpe execl execle execlp spawnv spawnvp", qualified: /^(subprocess|sp|os)\./ },
  { names: "getsource getsourcelines getsourcefile", qualified: /inspect/ },
  { names: "add_type guess_type guess_extension guess_all_extensions", qualified: /^mimetypes\./ },
  { names: "getaddrinfo gethostbyname gethostbyname_ex getfqdn create_connection", qualified: /socket\./ },
  { names: "urlopen" },
  { names: "platform libc_ver architecture processor uname freedesktop_os_release", qualified: /^_?platform\./ },
  { names: "load_dotenv dotenv_values" },
  { names: "find_modules" },
  { names: "ExtensionManager NamedExtensionManager EnabledExtensionManager DriverManager HookManager load_setuptools_entrypoints" },
  { names: "config_from_object autodiscover_tasks" },
  { names: "set_start_method get_context" },
  {
    names: "Process Pool Manager",
    qualified:
      /^Process$|^(multiprocessing|mp|_mp|ctx|_?context|self\._?(ctx|context|mp_context|_mp_context|mp_ctx))\.|\.multiprocessing\./,
  },
  { names: "Thread", qualified: /(^|threading\.)Thread$/ },
  { names: "ProcessPoolExecutor ThreadPoolExecutor" },
  { names: "where contents", qualified: /certifi/ },
  { names: "setlocale" },
  { names: "getpwnam getpwuid getgrnam getgrgid getuser", qualified: /^(pwd|grp|getpass)\.|^getuser$/ },
  { names: "define_import_structure" },
  { names: "get_config_var get_config_vars" },
  { names: "load_class symbol_by_name" },
  { names: "iter_modules walk_packages", qualified: /pkgutil|^(iter_modules|walk_packages)$/ },
  { names: "get_data open_text open_binary read_text read_binary", qualified: /pkgutil|resources|^(open_text|open_binary)$/ },
  { names: "files", qualified: /resources|^_?files$/ },
];

/**
 * Helpers of libraries that import what their arguments name: `import_optional_dependency("pyarrow")`, `optional_import`,
 * `_import_module`. The name says so, hence no table.
 */
const importing = /import|^_?load_class$|^_?load_module$|^_?symbol_by_name$/i;

/** Whether the call matters only where it names a function to run: `psutil.Process(1)` starts nothing. */
export function needsTarget(name: string): boolean {
  return /(^|\.)Thread$|^Process$/.test(name);
}

/** Whether the call matters only where an argument is a name written out. */
export function needsName(name: string): boolean {
  const lastPart = name.slice(name.lastIndexOf(".") + 1);
  return importing.test(lastPart) && !byHash.has(nameHash(lastPart));
}

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

/** Whether `import` stands in the last part of the name. */
export function soundsLikeImport(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at <= end - 6; at++)
    if (
      bytes[at + 1] === 0x6d &&
      bytes[at + 2] === 0x70 &&
      bytes[at + 3] === 0x6f &&
      bytes[at + 4] === 0x72 &&
      bytes[at + 5] === 0x74 &&
      ((bytes[at] as number) | 0x20) === 0x69
    )
      return true;
  return false;
}

/** `name`: the dotted name as written. */
export function isCallOfInterest(name: string): boolean {
  const lastPart = name.slice(name.lastIndexOf(".") + 1);
  const known = byHash.get(nameHash(lastPart));
  if (known === undefined) return importing.test(lastPart);
  return known.some((row) => row.name === lastPart && (row.qualified === undefined || row.qualified.test(name)));
}
