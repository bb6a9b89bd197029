import { fieldsAt } from "../../cluster/fields.ts";

export const defaultGpuResource = "nvidia.com/gpu";

/** Names of extended resources that stand for accelerators, as the vendors' device plugins advertise them. */
const gpuPattern =
  /^(?:[\w.-]+\/v?gpu(?:[.-].*)?|nvidia\.com\/mig-.+|gpu\.intel\.com\/.+|habana\.ai\/gaudi|google\.com\/tpu|aws\.amazon\.com\/neuron.*)$/;

/** What a container asks for: the first accelerator among its limits, else its requests; a count of 0 when there is none. */
export function gpusOf(container: unknown): { readonly resource: string; readonly count: number } {
  const asked = { ...fieldsAt(container, "resources", "requests"), ...fieldsAt(container, "resources", "limits") };
  for (const [resource, amount] of Object.entries(asked)) {
    const count = Number(amount);
    if (gpuPattern.test(resource) && Number.isSafeInteger(count) && count > 0) return { resource, count };
  }
  return { resource: defaultGpuResource, count: 0 };
}
