/** What went wrong on the network, in the words of the user's world. */
export interface NetworkFailure {
  /** Continues "cannot be reached: …". */
  readonly why: string;
  /**
   * `transient`: may well work the next moment. `timeout`: the other side stayed silent, once more is enough.
   * `lasting`: will fail in the same way.
   */
  readonly kind: "transient" | "timeout" | "lasting";
  /** The other side does not speak TLS, or not at all as expected. */
  readonly isProtocolError: boolean;
}

const failures: ReadonlyMap<string, Omit<NetworkFailure, "isProtocolError">> = new Map([
  ["ECONNREFUSED", { why: "nothing listens there", kind: "lasting" }],
  ["ENOTFOUND", { why: "there is no host of that name", kind: "lasting" }],
  ["EAI_AGAIN", { why: "the host's name could not be looked up", kind: "transient" }],
  ["ENOENT", { why: "its socket does not exist", kind: "lasting" }],
  ["EACCES", { why: "you may not use its socket", kind: "lasting" }],
  ["EPERM", { why: "you may not use its socket", kind: "lasting" }],
  ["EHOSTUNREACH", { why: "there is no way to the host", kind: "lasting" }],
  ["ENETUNREACH", { why: "there is no way to its network", kind: "lasting" }],
  ["ETIMEDOUT", { why: "it did not answer in time", kind: "timeout" }],
  ["UND_ERR_CONNECT_TIMEOUT", { why: "it did not accept the connection in time", kind: "timeout" }],
  ["UND_ERR_HEADERS_TIMEOUT", { why: "it did not answer in time", kind: "timeout" }],
  ["UND_ERR_BODY_TIMEOUT", { why: "it stopped sending in the middle of an answer", kind: "timeout" }],
  ["ECONNRESET", { why: "it dropped the connection", kind: "transient" }],
  ["EPIPE", { why: "it dropped the connection", kind: "transient" }],
  ["UND_ERR_SOCKET", { why: "it dropped the connection", kind: "transient" }],
  ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", { why: "it ended an answer too early", kind: "transient" }],
  ["UND_ERR_HEADERS_OVERFLOW", { why: "its answer has headers of an impossible size", kind: "lasting" }],
  ["UND_ERR_ABORTED", { why: "the proxy did not let the connection through", kind: "lasting" }],
  ["UND_ERR_PRX_CONN", { why: "the proxy dropped the connection", kind: "transient" }],
]);

const certificateCodes =
  /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|ERR_TLS_CERT_ALTNAME|INVALID_PURPOSE|INVALID_CA|HOSTNAME_MISMATCH)/;

/** Undefined for errors that are not the network's, which are bugs or carry their own message. */
export function networkFailure(error: unknown): NetworkFailure | undefined {
  const code = codeOf(error);
  if (code === undefined) return undefined;
  const known = failures.get(code);
  if (known) return { ...known, isProtocolError: code === "ECONNRESET" || code === "UND_ERR_SOCKET" };
  if (certificateCodes.test(code)) {
    return { why: `its certificate is not trusted (${code})`, kind: "lasting", isProtocolError: false };
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL_")) {
    return { why: "it does not speak TLS", kind: "lasting", isProtocolError: true };
  }
  if (code.startsWith("HPE_")) return { why: "its answer is no HTTP", kind: "lasting", isProtocolError: true };
  if (code.startsWith("UND_ERR_")) return { why: `the connection failed (${code})`, kind: "lasting", isProtocolError: false };
  if (isSystemError(error)) return { why: `the connection failed (${code})`, kind: "transient", isProtocolError: false };
  return undefined;
}

export function isCertificateFailure(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && certificateCodes.test(code);
}

function codeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 5) return undefined;
  // Several addresses of one host were tried: the errors are mostly alike.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0], depth + 1);
  const { code } = error as { code?: unknown };
  const inner = codeOf(error.cause, depth + 1);
  if (inner !== undefined && (code === undefined || code === "UND_ERR_SOCKET")) return inner;
  return typeof code === "string" ? code : undefined;
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}
