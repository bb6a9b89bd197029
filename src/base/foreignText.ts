/** Controls, marks that change the reading direction, and whatever else draws nothing. */
const invisible = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+/g;

/** What stands behind the `?` of an address: signed addresses of registries carry credentials there. */
const addressQuery = /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'?#]{1,2000})\?[^\s"']*/gi;
/** `user:password@` in an address. */
const addressUser = /(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s"'/@]{1,500}@/gi;

/**
 * A message that strangers wrote (a cluster's, a node's, an application's) as one line of at most `maxLength` characters, safe for a
 * terminal and a report: without controls, and without what addresses may hold of credentials.
 */
export function foreignLine(text: string, maxLength = 300): string {
  const bounded = text.length > maxLength * 10 ? text.slice(0, maxLength * 10) : text;
  const line = bounded.replace(addressUser, "$1").replace(addressQuery, "$1?…").replace(invisible, " ").replace(/ {2,}/g, " ").trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}
