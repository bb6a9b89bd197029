import { installedApplications } from "./django.ts";
import { loadFor, option, share, type FrameworkRun } from "./frameworkRun.ts";

/** Modules that kombu and celery choose by the scheme of an address (kombu.transport.TRANSPORT_ALIASES, celery.app.backends). */
const celerySchemes: readonly { readonly address: RegExp; readonly modules: readonly string[] }[] = [
  { address: /\brediss?:\/\//, modules: ["kombu.transport.redis", "celery.backends.redis", "redis"] },
  { address: /\b(amqps?|pyamqp):\/\//, modules: ["kombu.transport.pyamqp", "amqp"] },
  { address: /\brpc:\/\//, modules: ["celery.backends.rpc"] },
  { address: /\bsqs:\/\//, modules: ["kombu.transport.SQS", "boto3"] },
  { address: /\bmemory:\/\//, modules: ["kombu.transport.memory"] },
  { address: /\bfilesystem:\/\//, modules: ["kombu.transport.filesystem"] },
  { address: /\bcache\+memory:\/\//, modules: ["celery.backends.cache"] },
  { address: /\bdb\+\w+/, modules: ["celery.backends.database", "sqlalchemy"] },
  { address: /\bfile:\/\//, modules: ["celery.backends.filesystem"] },
];

const celeryPools: Readonly<Record<string, string>> = {
  prefork: "prefork",
  processes: "prefork",
  solo: "solo",
  threads: "thread",
  gevent: "gevent",
  eventlet: "eventlet",
};

/** Attributes of an application that are made on first use from a name such as `celery.app.amqp:AMQP` (celery.app.base). */
const celeryParts = [
  "celery.app.amqp",
  "celery.app.control",
  "celery.app.events",
  "celery.app.routes",
  "celery.events.dispatcher",
  "celery.events.receiver",
  "celery.events.state",
  "celery.worker.strategy",
  "kombu.pidbox",
  "kombu.matcher",
];

/** The application that a worker or its clock runs, and what celery chooses by names and addresses. */
export function loadCelery(run: FrameworkRun): void {
  const { imports, words } = run;
  imports.finder.prepend(imports.command.cwd);
  const application = option(words, "-A", "--app") ?? imports.command.env.get("CELERY_APP");
  const module = application?.split(/[:]/)[0];
  if (module === undefined) return;
  if (!loadFor(run, module, 1)) loadFor(run, module.slice(0, Math.max(0, module.lastIndexOf("."))), 1);
  for (const suffix of ["celery", "tasks", "celeryconfig"]) loadFor(run, `${module}.${suffix}`, 0.8);
  loadFor(run, "celeryconfig", 0.7);
  imports.drain();
  const pool = option(words, "-P", "--pool") ?? "prefork";
  if (words.includes("worker")) {
    loadFor(run, `celery.concurrency.${celeryPools[pool] ?? pool}`, share);
    for (const name of [
      "billiard.popen_fork",
      "billiard.pool",
      "billiard.heap",
      "celery.worker.components",
      "celery.worker.autoscale",
      "celery.worker.state",
      "billiard.synchronize",
      "billiard.sharedctypes",
    ])
      loadFor(run, name, pool === "prefork" ? 0.9 : 0.5);
    for (const name of celeryParts) loadFor(run, name, 0.9);
  }
  if (words.includes("beat")) for (const name of ["celery.bin.beat", "celery.beat", "celery.apps.beat"]) loadFor(run, name, share);
  const texts = [...imports.command.env.values(), ...imports.applicationTexts];
  for (const { address, modules } of celerySchemes)
    if (texts.some((text) => address.test(text))) for (const one of modules) loadFor(run, one, 0.85);
  const settings = imports.command.env.get("DJANGO_SETTINGS_MODULE");
  // Its fix-up calls django.setup() when these settings are named.
  if (settings !== undefined && imports.finder.find("django") !== undefined) {
    loadFor(run, "django", share);
    for (const installed of installedApplications(imports)) loadFor(run, `${installed}.tasks`, 0.85);
  }
}
