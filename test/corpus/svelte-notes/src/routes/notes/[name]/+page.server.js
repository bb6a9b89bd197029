import { error } from "@sveltejs/kit";
import { note } from "$lib/server/notes.js";

export function load({ params }) {
  const found = note(params.name);
  if (!found) error(404, "No such note");
  return found;
}
