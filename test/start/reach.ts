import { EnvHttpProxyAgent, request } from "undici";
import type { SourceNeed } from "./needs.ts";

/** Failures of the way there. Others, such as a certificate that only another program knows, are left to who really fetches. */
const noWay = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|CONNECT_TIMEOUT|HEADERS_TIMEOUT|HTTP Tunneling/;

/** One sentence for each address that does not answer within `timeoutMs`, with what should have come from it; asked all at once, through the environment's proxies. */
export async function unreached(needs: readonly SourceNeed[], timeoutMs = 10_000): Promise<readonly string[]> {
  const wanted = new Map<string, string[]>();
  for (const { url, what } of needs) if (/^https?:/.test(url)) wanted.set(url, [...(wanted.get(url) ?? []), what]);
  const dispatcher = new EnvHttpProxyAgent({ connect: { timeout: timeoutMs }, headersTimeout: timeoutMs });
  const answers = await Promise.all(
    [...wanted].map(async ([url, what]) => {
      const why = await request(url, { method: "HEAD", dispatcher }).then(
        () => undefined,
        (error: unknown) => String((error as { code?: string }).code ?? "") + " " + String(error),
      );
      if (why === undefined || !noWay.test(why)) return [];
      return [`${url} does not answer (${noWay.exec(why)?.[0]}). From there come: ${what.join(", ")}.`];
    }),
  );
  await dispatcher.destroy();
  return answers.flat();
}
