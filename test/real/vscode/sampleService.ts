import { copyFileSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { containerTools } from "../parts/images.ts";
import { must, temporaryFolder } from "../parts/process.ts";

export const dockerfileText = `FROM scratch AS unused
COPY data/notes.txt /notes.txt

FROM scratch
COPY root /
COPY data /data
COPY app /app
WORKDIR /app
ENTRYPOINT ["/bin/dash", "/app/serve.sh"]
`;

export interface SampleService {
  /** Holds `Dockerfile`, `compose.yaml` and the build context. */
  readonly folder: string;
  /** The image in the registry. */
  readonly imageName: string;
  /** The same image as an OCI layout. */
  readonly layoutName: string;
}

/**
 * A service as small as one can be that still starts like a real one: a shell from this machine with its linker and C library, a
 * script that runs a second program, and data that nobody reads. Built by buildah, pushed to a registry.
 */
export async function buildSampleService(registryHost: string): Promise<SampleService> {
  const folder = temporaryFolder("service");
  const put = (path: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content, { mode: 0o755 });
  };
  for (const program of ["/bin/dash", "/bin/cat"]) await copyProgram(program, join(folder, "root"));
  put("app/serve.sh", "#!/bin/dash\nexec /bin/cat /app/config.txt\n");
  put("app/config.txt", "port = 8080\n");
  put("data/weights.bin", randomBytes(3_000_000));
  put("data/notes.txt", "never read\n");
  put("Dockerfile", dockerfileText);
  const imageName = `${registryHost}/shop/demo:dev`;
  put("compose.yaml", `services:\n  api:\n    build: .\n    image: ${imageName}\n`);

  const tools = containerTools();
  await tools.buildah("build", "--layers", "--tag", "localhost/demo:dev", folder);
  await tools.skopeo("copy", "--dest-tls-verify=false", "containers-storage:localhost/demo:dev", `docker://${imageName}`);
  const layoutName = `oci:${join(temporaryFolder("layout"), "demo")}:dev`;
  await tools.skopeo("copy", "containers-storage:localhost/demo:dev", layoutName);
  return { folder, imageName, layoutName };
}

/** A program with the libraries that it needs, at the same places. */
async function copyProgram(program: string, root: string): Promise<void> {
  const libraries = [...(await must(["ldd", program])).matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] ?? "");
  for (const path of [program, ...libraries]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(realpathSync(path), join(root, path));
  }
}
