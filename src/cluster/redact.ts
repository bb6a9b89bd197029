/**
 * What must never be told: the secrets of a kubeconfig's user and the values that a request carries to the cluster. Servers, admission
 * webhooks and programs repeat what they were sent, so their words pass through here before they become part of an error.
 */

/** Shorter ones would also strike ordinary words out of a message. */
const leastSecretLength = 6;

const secretForms = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?/g,
  /\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi,
  /(?<=\/\/)[^/\s@]+(?=@)/g,
];

/** The text without the known secrets, and without what has the form of one: tokens, private keys, passwords in addresses. */
export function redacted(text: string, secrets: Iterable<string> = []): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= leastSecretLength) clean = clean.replaceAll(secret, "[hidden]");
  for (const form of secretForms) clean = clean.replace(form, "[hidden]");
  return clean;
}

/** Values of environment variables and of Secrets within an object that is sent to the cluster. */
export function secretsOfBody(body: unknown): readonly string[] {
  const found: string[] = [];
  collect(body, found, 0);
  return found;
}

function collect(value: unknown, found: string[], depth: number): void {
  if (typeof value !== "object" || value === null || depth > 40) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === "env" && Array.isArray(child)) {
      for (const variable of child as unknown[]) found.push(...texts((variable as { value?: unknown } | null)?.value));
    } else if (key === "stringData" || (key === "data" && (value as { kind?: unknown }).kind === "Secret")) {
      for (const item of Object.values((child ?? {}) as Record<string, unknown>)) found.push(...texts(item));
    } else collect(child, found, depth + 1);
  }
}

function texts(value: unknown): readonly string[] {
  return typeof value === "string" ? [value] : [];
}
