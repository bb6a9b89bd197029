import { evaluate, type Value } from "./evaluate.ts";
import { parsedExpression } from "./expression.ts";
import { loadFor, type FrameworkRun } from "./frameworkRun.ts";
import type { ImportWalk } from "./importWalk.ts";

const share = 0.95;
/** Submodules of an installed application that Django imports or searches for. */
const applicationParts = ["", ".apps", ".models", ".checks", ".signals"];

/** Settings that name modules: which part of the dotted name is the module. */
const namedModules: readonly { readonly setting: string; modules: (value: Value) => readonly string[] }[] = [
  { setting: "MIDDLEWARE", modules: (value) => strings(value).map(withoutLast) },
  { setting: "ROOT_URLCONF", modules: (value) => strings([value]) },
  { setting: "DATABASES", modules: (value) => fields(value, "ENGINE").map((engine) => `${engine}.base`) },
  { setting: "TEMPLATES", modules: (value) => items(value).flatMap((one) => strings([field(one, "BACKEND")]).map(withoutLast)) },
  { setting: "CACHES", modules: (value) => fields(value, "BACKEND").map(withoutLast) },
  { setting: "AUTH_USER_MODEL", modules: (value) => strings([value]).map((name) => `${withoutLast(name)}.models`) },
  { setting: "WSGI_APPLICATION", modules: (value) => strings([value]).map(withoutLast) },
  { setting: "STORAGES", modules: (value) => fields(value, "BACKEND").map(withoutLast) },
];

/** Commands that do not run the system checks (`requires_system_checks = []`). */
const unchecked = /^(shell|dbshell|compilemessages|makemessages|diffsettings|startapp|startproject|version|help|inspectdb)$/;

/** `manage.py check`: the module of the command, of Django or of an installed application, and what the checks load. */
export function runDjangoCommand(run: FrameworkRun): void {
  const { imports } = run;
  const command = run.words.find((word) => /^[a-z]\w*$/.test(word));
  if (command === undefined) return;
  const applications = installedApplications(imports);
  for (const owner of ["django.core", ...applications]) if (loadFor(run, `${owner}.management.commands.${command}`, share)) break;
  if (unchecked.test(command)) return;
  if (/^(migrate|showmigrations|makemigrations|test)$/.test(command))
    for (const application of applications)
      for (const name of imports.finder.submodules(`${application}.migrations`)) loadFor(run, `${application}.migrations.${name}`, share);
  if (/^(loaddata|dumpdata)$/.test(command))
    for (const name of ["json", "python", "jsonl", "xml_serializer", "pyyaml"]) loadFor(run, `django.core.serializers.${name}`, share);
  openTranslations(imports, ["django", ...applications]);
  for (const application of ["django", ...applications])
    for (const name of imports.finder.submodules(`${application}.templatetags`)) loadFor(run, `${application}.templatetags.${name}`, share);
}

function openTranslations(imports: ImportWalk, applications: readonly string[]): void {
  for (const application of applications) {
    const spec = imports.finder.find(application);
    if (spec === undefined || !("folders" in spec)) continue;
    const locale = application === "django" ? `${spec.folders[0]}/conf/locale` : `${spec.folders[0]}/locale`;
    for (const language of languagesOf(imports))
      imports.open(`${locale}/${language}/LC_MESSAGES/django.mo`, "py-framework", share, "Django's checks activate the language");
  }
}

/** The folders of translations for LANGUAGE_CODE, `de-at` as `de` and `de_AT`. */
function languagesOf(imports: ImportWalk): readonly string[] {
  const name = imports.command.env.get("DJANGO_SETTINGS_MODULE");
  const code = name === undefined ? undefined : setting(imports, name, "LANGUAGE_CODE");
  const [language = "en", country] = (typeof code === "string" && /^[\w-]{1,20}$/.test(code) ? code : "en-us").split("-");
  return [language, ...(country === undefined ? [] : [`${language}_${country.toUpperCase()}`])];
}

export function installedApplications(imports: ImportWalk): readonly string[] {
  const name = imports.command.env.get("DJANGO_SETTINGS_MODULE");
  const applications = name === undefined ? [] : strings(setting(imports, name, "INSTALLED_APPS"));
  return applications.map((application) =>
    imports.finder.find(application) === undefined ? withoutLast(withoutLast(application)) : application,
  );
}

/** Loads the settings module and what it names, as django.setup() and the first request's middleware would. */
export function djangoSettings(run: FrameworkRun): void {
  const { imports } = run;
  const name = imports.command.env.get("DJANGO_SETTINGS_MODULE");
  if (name === undefined || !loadFor(run, name, 0.98)) return;
  imports.drain();
  const zone = setting(imports, name, "TIME_ZONE") ?? "America/Chicago";
  if (typeof zone === "string" && /^[\w+/-]+$/.test(zone))
    imports.open(`/usr/share/zoneinfo/${zone}`, "py-framework", share, "Django sets the process's time zone");
  loadFor(run, "django.core.cache.backends.locmem", setting(imports, name, "CACHES") === undefined ? 0.5 : 0.2);
  const applications = strings(setting(imports, name, "INSTALLED_APPS"));
  for (const application of applications) loadApplication(run, application);
  // The admin's own `ready` imports the module `admin` of every application.
  if (applications.includes("django.contrib.admin"))
    for (const application of installedApplications(imports)) loadFor(run, `${application}.admin`, share);
  // Making the models of django.contrib.auth translates names, for which all translations are loaded.
  if (applications.includes("django.contrib.auth") && setting(imports, name, "USE_I18N") !== false)
    openTranslations(imports, ["django", ...installedApplications(imports)]);
  imports.drain();
  for (const { setting: key, modules } of namedModules)
    for (const module of modules(setting(imports, name, key))) loadFor(run, module, share);
  imports.drain();
}

/** `package` or `package.apps.SomeConfig`. */
function loadApplication(run: FrameworkRun, application: string): void {
  const { imports } = run;
  const isModule = imports.finder.find(application) !== undefined;
  const name = isModule ? application : withoutLast(withoutLast(application));
  for (const part of applicationParts) loadFor(run, `${name}${part}`, share);
  if (!isModule) loadFor(run, withoutLast(application), share);
  imports.drain();
  const scope = imports.names.scopeOf(`${name}.apps`);
  if (scope === undefined) return;
  for (const node of scope.module.index.classes.values()) {
    const on = { node, scope };
    imports.calls.callMethod(on, "ready", on, 0.9, 0);
  }
}

/** A setting's value, in the settings module or one that it takes over with `*`. */
function setting(imports: ImportWalk, module: string, key: string, hops = 0): Value {
  const scope = imports.names.scopeOf(module);
  if (scope === undefined || hops > 4) return undefined;
  const text = scope.module.index.values.get(key);
  if (text !== undefined) return evaluate(parsedExpression(text), imports.names.surroundings(scope));
  for (const star of scope.module.index.stars) {
    const base =
      star.level === 0
        ? star.module
        : [...scope.package.split(".").slice(0, star.level === 1 ? undefined : 1 - star.level), star.module].filter(Boolean).join(".");
    const value = setting(imports, base, key, hops + 1);
    if (value !== undefined) return value;
  }
  return undefined;
}

function withoutLast(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(".")));
}

function items(value: Value): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : [];
}

function strings(value: Value): readonly string[] {
  return items(value).filter((one): one is string => typeof one === "string" && one !== "");
}

function field(value: Value, key: string): Value {
  return value instanceof Map ? (value as ReadonlyMap<string, Value>).get(key) : undefined;
}

function fields(value: Value, key: string): readonly string[] {
  return value instanceof Map ? strings([...(value as ReadonlyMap<string, Value>).values()].map((one) => field(one, key))) : [];
}
