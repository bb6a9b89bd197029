import { fieldsAt } from "../../cluster/fields.ts";
import { isGpuResource } from "../../cluster/gpuDescription.ts";

export const defaultGpuResource = "nvidia.com/gpu";

/** What a container asks for: the first resource among its limits or requests that stands for GPUs; a count of 0 when there is none. */
export function gpusOf(container: unknown): { readonly resource: string; readonly count: number } {
  const asked = { ...fieldsAt(container, "resources", "requests"), ...fieldsAt(container, "resources", "limits") };
  for (const [resource, amount] of Object.entries(asked)) {
    const count = Number(amount);
    if (isGpuResource(resource) && Number.isSafeInteger(count) && count > 0) return { resource, count };
  }
  return { resource: defaultGpuResource, count: 0 };
}
