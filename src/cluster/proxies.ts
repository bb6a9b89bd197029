/**
 * The proxy for a server by the environment's rules, which Go programs such as kubectl follow: HTTPS_PROXY, HTTP_PROXY, NO_PROXY in either
 * case, and nothing on this machine through a proxy. Undefined: none.
 */
export function proxyOfEnvironment(server: string, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const url = new URL(server);
  const variable = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const proxy = environment[variable] || environment[variable.toLowerCase()];
  const host = url.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (!proxy || host === "localhost" || /^127\./.test(host) || host === "::1") return undefined;
  const exceptions = environment["NO_PROXY"] || environment["no_proxy"] || "";
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  if (exceptions.split(",").some((entry) => isExcepted(entry.trim().toLowerCase(), host, port))) return undefined;
  return /^[a-z0-9]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

/** `*`, a host, a domain (`example.com`, `.example.com`), an address or a range of addresses (`10.0.0.0/8`), each perhaps with a port. */
function isExcepted(entry: string, host: string, port: string): boolean {
  if (entry === "") return false;
  if (entry === "*") return true;
  const range = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(entry);
  if (range) return isInRange(host, range[1] ?? "", Number(range[2]));
  const [, name = entry, onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry.replace(/^\*/, "")) ?? [];
  if (onlyPort !== undefined && !entry.includes("::") && onlyPort !== port) return false;
  const bare = name.replace(/^\[|\]$/g, "");
  return host === bare.replace(/^\./, "") ? !bare.startsWith(".") : host.endsWith(bare.startsWith(".") ? bare : `.${bare}`);
}

function isInRange(host: string, base: string, prefixLength: number): boolean {
  const [address, start] = [host, base].map(addressNumber);
  if (address === undefined || start === undefined || prefixLength > 32) return false;
  const size = 2 ** (32 - prefixLength);
  return Math.floor(address / size) === Math.floor(start / size);
}

function addressNumber(address: string): number | undefined {
  const parts = address.split(".").map(Number);
  return parts.length === 4 && parts.every((part) => part >= 0 && part <= 255)
    ? parts.reduce((sum, part) => sum * 256 + part, 0)
    : undefined;
}
