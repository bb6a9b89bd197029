import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { randomUUID, sign, X509Certificate } from "node:crypto";
import type { Certificate } from "../parts/registry.ts";

export interface TokenServer {
  readonly settings: { readonly realm: string; readonly service: string; readonly issuer: string };
  /** `USER SCOPE` of each token that was given out. */
  readonly requests: string[];
  stop(): Promise<void>;
}

/**
 * Gives out tokens as distribution's token authentication specification says: users may do everything, strangers pull from
 * repositories under `public/`.
 */
export async function startTokenServer(certificate: Certificate, users: Readonly<Record<string, string>>): Promise<TokenServer> {
  const requests: string[] = [];
  const service = "coldstart test registry";
  const issuer = "coldstart test tokens";
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "", "http://tokens");
    const user = userOf(request.headers.authorization, users);
    const scopes = searchParams.getAll("scope");
    if (user === undefined || searchParams.get("service") !== service) {
      response.writeHead(401).end();
      return;
    }
    requests.push(`${user || "anonymous"} ${scopes.join(" ")}`);
    const access = scopes.flatMap((scope) => {
      const [type = "", name = "", actions = ""] = scope.split(":");
      const allowed = actions.split(",").filter((action) => user !== "" || (action === "pull" && name.startsWith("public/")));
      return allowed.length > 0 ? [{ type, name, actions: allowed }] : [];
    });
    const nowS = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, sub: user, aud: service, exp: nowS + 300, nbf: nowS - 10, iat: nowS, jti: randomUUID(), access };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ token: signed(claims, certificate), expires_in: 300 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    settings: { realm: `http://127.0.0.1:${port}/token`, service, issuer },
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Empty for strangers, undefined for a wrong password. */
function userOf(header: string | undefined, users: Readonly<Record<string, string>>): string | undefined {
  if (header === undefined) return "";
  const [name = "", password] = Buffer.from(header.replace(/^Basic /, ""), "base64")
    .toString()
    .split(":");
  return users[name] !== undefined && users[name] === password ? name : undefined;
}

/** A JSON web token (ES256) that carries its certificate. */
function signed(claims: object, certificate: Certificate): string {
  const der = new X509Certificate(readFileSync(certificate.certificate)).raw.toString("base64");
  const text = [{ typ: "JWT", alg: "ES256", x5c: [der] }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const signature = sign("sha256", Buffer.from(text), { key: readFileSync(certificate.key, "utf8"), dsaEncoding: "ieee-p1363" });
  return `${text}.${signature.toString("base64url")}`;
}
