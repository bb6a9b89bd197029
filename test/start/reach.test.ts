import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { freePort } from "../real/parts/process.ts";
import { unreached } from "./reach.ts";

describe("unreached", () => {
  it("is content with any answer", async () => {
    const server = createServer((_, response) => void response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    try {
      expect(await unreached([{ what: "a", url: `http://127.0.0.1:${port}/` }])).toEqual([]);
    } finally {
      server.close();
    }
  });

  it("names once where nothing listens, with all that comes from there", async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    expect(
      await unreached([
        { what: "a", url },
        { what: "b", url },
      ]),
    ).toEqual([`${url} does not answer (ECONNREFUSED). From there come: a, b.`]);
  });

  it("asks nothing of other forms of addresses", async () => expect(await unreached([{ what: "a", url: "off" }])).toEqual([]));
});
