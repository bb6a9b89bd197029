import { mkdirSync, writeFileSync } from "node:fs";
import { get as httpGet } from "node:http";
import { get as httpsGet } from "node:https";
import { join } from "node:path";
import { freePort, must, startServer, temporaryFolder, type Server } from "./process.ts";

export interface RegistryOptions {
  /** Where the images lie; absent: a temporary folder. */
  readonly storage?: string;
  readonly port?: number;
  /** Basic authentication with this one user. */
  readonly user?: { readonly name: string; readonly password: string };
  /** Bearer tokens from a token server; `rootCertificate` is a PEM file with the key's certificate. */
  readonly token?: { readonly realm: string; readonly service: string; readonly issuer: string; readonly rootCertificate: string };
  readonly certificate?: Certificate;
}

export interface Registry {
  /** `127.0.0.1:PORT`: what stands before the first slash of an image name. */
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly storage: string;
  log(): string;
  stop(): Promise<void>;
}

/** Debian's docker-registry (distribution 2.8) on a port of its own. */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const home = temporaryFolder("registry");
  const storage = options.storage ?? join(home, "storage");
  mkdirSync(storage, { recursive: true });
  const port = options.port ?? (await freePort());
  const auth: Record<string, unknown> = {};
  if (options.user) {
    const file = join(home, "htpasswd");
    writeFileSync(file, (await must(["htpasswd", "-nbB", options.user.name, options.user.password])) + "\n");
    auth["htpasswd"] = { realm: "coldstart test", path: file };
  }
  if (options.token) auth["token"] = { ...options.token, rootcertbundle: options.token.rootCertificate, rootCertificate: undefined };
  const config = {
    version: 0.1,
    log: { level: "info", accesslog: { disabled: false } },
    storage: { filesystem: { rootdirectory: storage }, delete: { enabled: true } },
    http: {
      addr: `127.0.0.1:${port}`,
      ...(options.certificate && { tls: { certificate: options.certificate.certificate, key: options.certificate.key } }),
    },
    ...(Object.keys(auth).length > 0 && { auth }),
  };
  const configFile = join(home, "config.yml");
  writeFileSync(configFile, JSON.stringify(config)); // JSON is YAML
  const url = `${options.certificate ? "https" : "http"}://127.0.0.1:${port}`;
  const server: Server = await startServer(["docker-registry", "serve", configFile], () => answers(`${url}/v2/`), {
    logFile: join(home, "log"),
    env: { PATH: process.env["PATH"], HOME: home },
  });
  return { host: `127.0.0.1:${port}`, port, url, storage, log: () => server.log(), stop: () => server.stop() };
}

export interface Certificate {
  /** PEM of the private authority that signed it. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** A certificate for 127.0.0.1 and localhost, signed by a private authority made for it. */
export async function makeCertificate(): Promise<Certificate> {
  const folder = temporaryFolder("certificate");
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): Promise<string> => must(["openssl", ...args], { cwd: folder });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await openssl(
    "req",
    "-x509",
    ...newKey,
    "-keyout",
    "authority.key",
    "-out",
    "authority.pem",
    "-days",
    "30",
    "-subj",
    "/CN=coldstart test authority",
  );
  await openssl("req", ...newKey, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost");
  writeFileSync(at("server.ext"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  await openssl(
    "x509",
    "-req",
    "-in",
    "server.csr",
    "-CA",
    "authority.pem",
    "-CAkey",
    "authority.key",
    "-CAcreateserial",
    "-days",
    "30",
    "-extfile",
    "server.ext",
    "-out",
    "server.pem",
  );
  return { authority: at("authority.pem"), certificate: at("server.pem"), key: at("server.key") };
}

/** Whether anything answers there in HTTP, with whatever status. */
export function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const onAnswer = (response: { resume(): unknown }): void => {
      response.resume();
      resolve(true);
    };
    const request = url.startsWith("https:")
      ? httpsGet(url, { rejectUnauthorized: false, timeout: 2000 }, onAnswer)
      : httpGet(url, { timeout: 2000 }, onAnswer);
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}
