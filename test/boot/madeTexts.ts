/** As systemd 252 writes it (its `--test` mode, shortened), with times filled in. */
export const dump = `Manager: systemd 252 (252.38-1~deb12u1)
Timestamp kernel: Sun 2026-11-22 11:08:00 UTC
Timestamp userspace: Sun 2026-11-22 11:08:02 UTC
Timestamp finish: Sun 2026-11-22 11:08:30 UTC
-> Unit kubelet.service:
	Description: kubelet
	Instance: n/a
	Unit Load State: loaded
	Unit Active State: active
	Inactive Exit Timestamp: Sun 2026-11-22 11:08:20 UTC
	Active Enter Timestamp: Sun 2026-11-22 11:08:21 UTC
	Active Exit Timestamp: n/a
	Inactive Enter Timestamp: n/a
	Requires: system.slice (origin-file)
	WantedBy: multi-user.target (destination-file)
	After: driver.service (origin-file)
	After: system.slice (origin-file origin-slice-property)
	Service State: running
	Result: success
	Type: notify
-> Unit driver.service:
	Unit Load State: loaded
	Inactive Exit Timestamp: Sun 2026-11-22 11:08:05 UTC
	Active Enter Timestamp: n/a
	Inactive Enter Timestamp: Sun 2026-11-22 11:08:19 UTC
	Result: exit-code
	-> Job 91:
		Action: driver.service -> start
		State: waiting
		Irreversible: no
`;

/** From the project's own structs: `pkg/latency/latency.go` and `pkg/sources/sources.go` at 26588bf; `seconds` holds nanoseconds. */
export const nodeLatency = JSON.stringify({
  metadata: { region: "us-east-2", instanceType: "g5.xlarge", instanceID: "i-06428b3f38ba5ec42", amiID: "ami-0bdaaba680b3688e2" },
  timings: [
    ["Instance Requested", "2022-12-12T02:20:01Z"],
    ["VM Initialized", "2022-12-12T02:20:12Z"],
    ["Containerd Start", "2022-12-12T02:20:15Z"],
    ["Containerd Initialized", "2022-12-12T02:20:16Z"],
    ["Kubelet Start", "2022-12-12T02:20:18Z"],
    ["Kubelet Initialized", "2022-12-12T02:20:20Z"],
    ["Node Ready", "2022-12-12T02:20:31Z"],
    ["AWS Node Start", "0001-01-01T00:00:00Z"],
  ].map(([name, timestamp]) => ({
    event: { name, metric: "m", matchSelector: "first", terminal: false, src: "messages" },
    timestamp,
    seconds: 11_000_000_000,
    comment: "",
    error: null,
  })),
});

/** The entries of `journalctl -o json` as journald would store them, after the form's description: a header, then values, then what points at them. */
export function journalFileOf(lines: string): Buffer {
  const header = Buffer.alloc(208);
  header.write("LPKSHHRH");
  header.writeBigUInt64LE(208n, 88);
  const parts = [header];
  let offset = header.length;
  const object = (type: number, payload: Buffer): number => {
    const size = 16 + payload.length;
    const whole = Buffer.alloc(Math.ceil(size / 8) * 8);
    whole[0] = type;
    whole.writeBigUInt64LE(BigInt(size), 8);
    payload.copy(whole, 16);
    parts.push(whole);
    offset += whole.length;
    return offset - whole.length;
  };
  for (const line of lines.split("\n").filter((text) => text !== "")) {
    const { __REALTIME_TIMESTAMP: realtime, __MONOTONIC_TIMESTAMP: monotonic, ...fields } = JSON.parse(line) as Record<string, string>;
    const items = Object.entries(fields).map(([name, value]) =>
      object(1, Buffer.concat([Buffer.alloc(48), Buffer.from(`${name}=${value}`)])),
    );
    const entry = Buffer.alloc(48 + 16 * items.length);
    entry.writeBigUInt64LE(BigInt(realtime ?? 0), 8);
    entry.writeBigUInt64LE(BigInt(monotonic ?? 0), 16);
    Buffer.from(fields["_BOOT_ID"] ?? "", "hex").copy(entry, 24);
    for (const [index, item] of items.entries()) entry.writeBigUInt64LE(BigInt(item), 48 + 16 * index);
    object(3, entry);
  }
  return Buffer.concat([...parts, Buffer.alloc(4096)]);
}
