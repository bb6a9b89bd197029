import * as z from "zod/mini";
import { coldnessLevels } from "../plan.ts";
import { armNamePattern, armNameRule } from "./parseArm.ts";
import { readinessForms, requestForms } from "./parseReadiness.ts";

/**
 * The form of a plan file. Messages say what to write instead; they follow the name of the setting. `media/plan.schema.json` is made
 * of this for completion in editors.
 */

const duration = (what: string) =>
  text(/^(\d+(\.\d+)?\s*(ms|s|min|m|h|d)\s*)+$/, `write a time with its unit, such as 10m, 90s or 1h30m`, what);
const port = (what: string) => whole(1, 65_535, "write a port, a number from 1 to 65535", what);
const name = (what: string, example: string) =>
  text(/^[A-Za-z0-9]([\w.:/@-]{0,251}[A-Za-z0-9])?$/, `write a name such as ${example}`, what);
const namespaceName = (what: string) =>
  text(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "write a namespace such as team-a, in small letters, digits and -", what);
const words = (what: string) =>
  z.array(z.string("write a text in quotes"), 'write a list, such as ["python", "app.py"]').check(z.describe(what));
const imageText = (what: string) => text(/^[^\s-]\S{0,1022}$/, "write an image such as registry.example/team/app:1.0", what);

export const secretShape = {
  secret: name("Name of a Secret in the namespace.", "app-tokens"),
  key: name("Key within the Secret.", "token"),
};

export const workloadShape = {
  from: z.optional(
    text(/^\S+\/\S+$/, "write an object such as deployment/app", "Object of the cluster that the pod is copied from: deployment/app."),
  ),
  file: z.optional(
    text(/\S/, "write the path of a manifest, such as ./app.yaml", "Manifest that the pod is copied from; relative to this plan."),
  ),
  namespace: z.optional(namespaceName("Namespace of the object; absent: that of the run.")),
  container: z.optional(name("The container that is compared; absent: the one with a GPU, else the first.", "app")),
  command: z.optional(words("Program and arguments in place of the image's entrypoint.")),
  args: z.optional(words("Arguments in place of the image's own.")),
  env: z.optional(
    z
      .record(
        z.string(),
        z.union(
          [z.string(), z.number(), z.boolean(), z.strictObject(secretShape)],
          "write a text, or {secret: NAME, key: KEY} so that no secret stands in the plan",
        ),
        "write the variables, such as {LOG_LEVEL: info}",
      )
      .check(z.describe("Environment variables.")),
  ),
  port: z.optional(port("Port that the container listens on.")),
};

export const questionShape = {
  port: port("Port in the pod."),
  path: z.optional(text(/^\/[!-~]*$/, "write a path that begins with /", "Path with its query; absent: /.")),
  method: z.optional(choice(["GET", "POST", "PUT"], "HTTP method; absent: GET, or POST with a body.")),
  headers: z.optional(
    z
      .record(
        z.string().check(z.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "write a header's name, such as accept")),
        z.string("write a text in quotes").check(z.regex(/^[\t -~\u0080-\u00ff]*$/, "write the header's text on one line")),
        "write the headers, such as {accept: text/plain}",
      )
      .check(z.describe("Request headers.")),
  ),
  body: z.optional(z.unknown().check(z.describe("Body of the request: a text, or anything else, which is sent as JSON."))),
  status: z.optional(
    z
      .union([status(), z.array(status()).check(z.minLength(1))], "write a status such as 200, or a list of them")
      .check(z.describe("Statuses that count; absent: 200 to 399.")),
  ),
  bodyPattern: z.optional(text(/[^]/, "write a regular expression in quotes", "Regular expression that the answer's body must match.")),
};
const question = z.strictObject(questionShape, "write the port and the path, such as {port: 8000, path: /health}");

export const grpcShape = {
  port: port("Port in the pod."),
  service: z.optional(text(/^[\w.]*$/, "write a service such as package.Service", "Service to ask for; absent: the whole server.")),
};

export const readyShape = {
  http: z.optional(question),
  https: z.optional(question),
  tcp: z.optional(port("A port that accepts a connection.")),
  grpc: z.optional(
    z.union([port("Port in the pod."), z.strictObject(grpcShape)], "write a port, or {port: 50051, service: package.Service}"),
  ),
  log: z.optional(text(/[^]/, "write a regular expression in quotes", "A line of output matches this regular expression.")),
  exit: z.optional(whole(0, 255, "write an exit code, such as 0", "The container ends with this code.")),
};

export const requestShape = { http: z.optional(question), https: z.optional(question) };

export const armShape = {
  name: text(armNamePattern, `write a name such as stargz; ${armNameRule}`, "What the arm is called in tables."),
  image: z.optional(imageText("Image of this arm; absent: the plan's.")),
  runtimeClass: z.optional(name("RuntimeClass of the pod; absent: the one that fits the snapshotter.", "stargz")),
  snapshotter: z.optional(name("What the image is meant to be mounted by; absent: as the arm's name says.", "stargz")),
  lazy: z.optional(yesNo("Whether the image must be mounted lazily; absent: as the snapshotter does.")),
  pullPolicy: z.optional(choice(["Always", "IfNotPresent"], "When the kubelet asks the registry.")),
  podPatch: z.optional(
    z
      .record(z.string(), z.unknown(), "write parts of a pod, such as {spec: {hostNetwork: true}}")
      .check(z.describe("JSON merge patch (RFC 7386) on the pod, applied last. Lists are replaced as a whole.")),
  ),
};

export const limitsShape = {
  time: z.optional(duration("The run ends after this time.")),
  cost: z.optional(amount("The run ends when its nodes have cost this; needs pricePerNodeHour.")),
};

export const planShape = {
  name: z.optional(text(/^\S.{0,99}$/, "write a name of up to 100 characters on one line", "What the benchmark is called.")),
  context: z.optional(text(/\S/, "write a context of the kubeconfig", "Context of the kubeconfig; absent: the current one.")),
  namespace: z.optional(namespaceName("Namespace that the pods are made in; absent: the workload's, else the context's.")),
  image: z.optional(imageText("Image of the arms that name none; absent: the workload's.")),
  arms: z.optional(
    z
      .array(
        z.union(
          [
            text(/\S/, "write an arm", "NAME or NAME=IMAGE: overlayfs, stargz, soci, nydus, …"),
            z.strictObject(armShape, "write an arm, such as {name: stargz, image: registry.example/app:1.0-esgz}"),
          ],
          "write a name such as overlayfs, or {name: stargz, image: registry.example/app:1.0-esgz}",
        ),
        "write a list, such as [overlayfs, stargz]",
      )
      .check(
        z.minLength(1, "write at least one arm, such as overlayfs"),
        z.describe("What is compared. In each block every arm has one trial."),
      ),
  ),
  workload: z.optional(
    z
      .union(
        [
          text(/^\S+\/\S+$/, "write an object such as deployment/app", "deployment/app, statefulset/db, pod/app, …"),
          z.strictObject(workloadShape),
        ],
        "write an object such as deployment/app, or {command: [python, app.py]}",
      )
      .check(z.describe("What the pods run; absent: the image with its own command.")),
  ),
  ready: z.optional(
    z
      .union(
        [text(/\S/, `write one of ${readinessForms}`, `When the pod is ready: ${readinessForms}.`), z.strictObject(readyShape)],
        `write one of ${readinessForms}`,
      )
      .check(z.describe("When users would call the pod ready.")),
  ),
  firstRequest: z.optional(
    z
      .union([text(/\S/, `write ${requestForms}`, "[METHOD] http:PORT/PATH [BODY]"), z.strictObject(requestShape)], `write ${requestForms}`)
      .check(z.describe("A real request that is sent once the pod is ready.")),
  ),
  trials: z.optional(whole(1, 1000, "write how many trials each arm gets, such as 5", "Trials of each arm; absent: 5.")),
  gpus: z.optional(whole(0, 64, "write a number of GPUs, such as 1", "GPUs of each pod; absent: the workload's, else 0.")),
  gpuResource: z.optional(name("Resource that stands for a GPU.", "nvidia.com/gpu")),
  node: z.optional(name("The node that all pods run on.", "gpu-node-1")),
  pool: z.optional(text(/\S/, "write the name of a node pool", "The node pool that the pods run on.")),
  timeout: z.optional(duration("A trial that is not ready by then has failed; absent: 10m.")),
  coldness: z.optional(
    choice(
      coldnessLevels,
      "How cold each start is: L0 unknown, L1 image removed, L2 content and snapshots gone, L3 also page cache dropped, L4 fresh node; absent: L3.",
    ),
  ),
  seed: z.optional(
    whole(0, 4_294_967_295, "write a whole number below 4294967296", "Draws the order of the arms; absent: drawn at random and kept."),
  ),
  podsAtOnce: z.optional(whole(1, 100, "write a number from 1 to 100", "Pods of the run on one node at a time; absent: 1.")),
  limits: z.optional(
    z.strictObject(limitsShape, "write limits, such as {time: 30m, cost: 5}").check(z.describe("Hard limits of the run.")),
  ),
  pricePerNodeHour: z.optional(amount("Price of one node's hour.")),
  currency: z.optional(text(/^[A-Z]{3}$/, "write a currency such as USD or EUR", "Currency of prices and limits; absent: USD.")),
  probeImage: z.optional(imageText("Image of the privileged probe pod; must have sh and nsenter.")),
};

/** A plan's file as people write it. `completePlan` fills in what is absent. */
export const planSchema = z
  .strictObject(planShape, "write settings, such as image: registry.example/app:1.0")
  .check(z.meta({ title: "Coldstart benchmark plan" }));

export type PlanText = z.output<typeof planSchema>;

function text(pattern: RegExp, message: string, what: string) {
  return z.string(message).check(z.regex(pattern, message), z.describe(what));
}

function whole(lowest: number, highest: number, message: string, what: string) {
  return z.int(message).check(z.gte(lowest, message), z.lte(highest, message), z.describe(what));
}

function amount(what: string) {
  const message = "write an amount of money, such as 3.5";
  return z.number(message).check(z.gt(0, message), z.describe(what));
}

function yesNo(what: string) {
  return z.boolean("write true or false").check(z.describe(what));
}

function choice<const T extends readonly string[]>(values: T, what: string) {
  return z.enum(values, `write one of ${values.join(", ")}`).check(z.describe(what));
}

function status() {
  return z
    .int("write a status such as 200")
    .check(z.gte(100, "write a status from 100 to 599"), z.lte(599, "write a status from 100 to 599"));
}
