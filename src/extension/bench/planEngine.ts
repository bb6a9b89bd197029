/** The door to plan files, which pull in a YAML parser; without the Kubernetes client. */
export { readPlan } from "../../bench/plan/planFile.ts";
