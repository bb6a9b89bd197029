/** Of pods that look at nodes: has `sh`, `grep` and `nsenter`, and is small. */
export const defaultProbeImage = "docker.io/library/busybox:1.37";
