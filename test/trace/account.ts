import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** As whom a container runs. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  /** Beside `gid`. */
  readonly groups: readonly number[];
  readonly home: string;
}

/** What `USER` means in the image unpacked at `root`: a name or number, perhaps a group after a colon; the empty text is root. */
export function accountOf(root: string, user: string): Account {
  return resolveAccount(user, fields(join(root, "etc/passwd")), fields(join(root, "etc/group")));
}

/**
 * Reads what containerd reads in the mounted image to find a `USER` (`oci.WithUser`): a lazy loader has to fetch it before the first exec, so it
 * belongs to the record.
 */
export function lookUp(root: string, user: string): void {
  if (user !== "") fields(join(root, "etc/passwd"));
  if (user.includes(":")) fields(join(root, "etc/group"));
}

/** The same from the lines of `/etc/passwd` and `/etc/group`. Throws for names that are not there. */
export function resolveAccount(user: string, passwd: readonly (readonly string[])[], group: readonly (readonly string[])[]): Account {
  const [who = "", whose] = (user || "0").split(":");
  const row = passwd.find(([name, , uid]) => name === who || uid === who);
  const uid = row ? Number(row[2]) : Number(who || "nobody");
  if (Number.isNaN(uid)) throw new Error(`The image has no user ${who}.`);
  const groupRow = group.find(([name, , gid]) => whose !== undefined && (name === whose || gid === whose));
  const gid = whose === undefined ? Number(row?.[3] ?? 0) : Number(groupRow?.[2] ?? whose);
  if (Number.isNaN(gid)) throw new Error(`The image has no group ${whose}.`);
  const memberOf = group.filter(([, , , members]) => row?.[0] !== undefined && members?.split(",").includes(row[0]));
  return { uid, gid, groups: whose === undefined ? memberOf.map((each) => Number(each[2])) : [], home: row?.[5] ?? "/" };
}

function fields(file: string): string[][] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(":"));
}
