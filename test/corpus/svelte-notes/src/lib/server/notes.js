import { formatDistanceStrict } from "date-fns";
import { marked } from "marked";

const notes = { sea: { at: "2024-05-01", text: "# The sea\n\nIt was *calm*." } };

export function note(name) {
  const found = notes[name];
  return found && { html: marked.parse(found.text), age: formatDistanceStrict(new Date(found.at), new Date()) };
}
