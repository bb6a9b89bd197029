import { expect, test } from "vitest";
import { mergeKubeconfigs, parseKubeconfig, usesCommands } from "../../src/cluster/kubeconfig.ts";

const whole = `
apiVersion: v1
kind: Config
current-context: dev
contexts:
- {name: dev, context: {cluster: c, user: u, namespace: team}}
- {name: bare, context: {cluster: c}}
- {name: broken, context: {user: u}}
- {context: {cluster: nameless}}
clusters:
- name: c
  cluster:
    server: https://api.example:6443/
    certificate-authority: pki/ca.crt
    tls-server-name: kubernetes
    proxy-url: http://user:word@proxy.example:3128
    insecure-skip-tls-verify: true
    extensions:
    - {name: client.authentication.k8s.io/exec, extension: {audience: x}}
- {name: odd, cluster: {server: "ftp://api.example"}}
users:
- name: u
  user:
    client-certificate: /abs/me.crt
    client-key-data: a2V5
    tokenFile: tok
    as: boss
    as-groups: [g1, 7, g2]
    exec: {command: ./bin/login, args: [a, 1, b], env: [{name: A, value: x}, {value: y}], provideClusterInfo: true}
- {name: plain, user: {token: t, exec: {command: aws}}}
- {name: old, user: {auth-provider: {name: gcp, config: {cmd-path: gcloud}}}}
- {name: sso, user: {auth-provider: {name: oidc, config: {id-token: x}}}}
`;

test("a kubeconfig is read with the rules of kubectl", () => {
  const { value, problems } = parseKubeconfig(whole, "/home/me/.kube/config");
  expect(value.currentContext).toBe("dev");
  expect(Object.fromEntries(value.contexts)).toEqual({ dev: { cluster: "c", user: "u", namespace: "team" }, bare: { cluster: "c" } });
  expect(Object.fromEntries(value.clusters)).toEqual({
    c: {
      server: "https://api.example:6443",
      caFile: "/home/me/.kube/pki/ca.crt",
      tlsServerName: "kubernetes",
      proxyUrl: "http://user:word@proxy.example:3128",
      skipTlsVerify: true,
      execConfig: { audience: "x" },
    },
  });
  expect(value.users.get("u")).toEqual({
    certFile: "/abs/me.crt",
    keyData: "a2V5",
    tokenFile: "/home/me/.kube/tok",
    impersonate: { user: "boss", groups: ["g1", "g2"], extra: {} },
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "/home/me/.kube/bin/login",
      args: ["a", "b"],
      env: { A: "x" },
      provideClusterInfo: true,
    },
  });
  expect(value.users.get("plain")?.exec?.command).toBe("aws");
  expect(problems.map(({ message }) => message)).toEqual([
    '/home/me/.kube/config: "broken" in contexts is incomplete.',
    "/home/me/.kube/config: an entry of contexts has no name.",
    '/home/me/.kube/config: "odd" in clusters is incomplete.',
  ]);
});

test.each([
  ["u", true],
  ["plain", true],
  ["old", true],
  ["sso", false],
  ["nobody", false],
])("whether signing in as %s runs a program: %s", (user, expected) => {
  expect(usesCommands(parseKubeconfig(whole, "/c").value.users.get(user))).toBe(expected);
});

test.each(["", "just text", "[1, 2]", "contexts: 7", "contexts: [null, 3, {name: [x]}]", "users: {a: b}"])(
  "%j is no kubeconfig and no failure",
  (text) => {
    expect(parseKubeconfig(text, "/c").value.contexts.size).toBe(0);
  },
);

test.each(["a: [", "\t- x: {", bomb()])("broken YAML is one problem", (text) => {
  const { value, problems } = parseKubeconfig(text, "/c");
  expect(value.contexts.size).toBe(0);
  expect(problems).toEqual([{ severity: "error", message: "/c is no valid YAML." }]);
});

test("of two files the first one's entries and current context count, each as a whole", () => {
  const first = parseKubeconfig(`contexts: [{name: a, context: {cluster: one}}]\nusers: [{name: u, user: {token: first}}]`, "/1").value;
  const second = parseKubeconfig(
    `current-context: b\ncontexts: [{name: a, context: {cluster: two, namespace: n}}, {name: b, context: {cluster: two}}]\nusers: [{name: u, user: {username: x}}]`,
    "/2",
  ).value;
  const merged = mergeKubeconfigs([first, second]);
  expect(merged.currentContext).toBe("b");
  expect(Object.fromEntries(merged.contexts)).toEqual({ a: { cluster: "one" }, b: { cluster: "two" } });
  expect(Object.fromEntries(merged.users)).toEqual({ u: { token: "first" } });
});

/** Aliases that would multiply to 10^9 entries. */
function bomb(): string {
  const lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"];
  for (let depth = 1; depth < 9; depth++)
    lines.push(
      `a${depth}: &a${depth} [${Array(10)
        .fill(`*a${depth - 1}`)
        .join(",")}]`,
    );
  return lines.join("\n");
}
