/**
 * What a history entry's `created_by` says in the words of a Dockerfile: `RUN pip install torch`. The forms are those of the classic
 * builder (`/bin/sh -c #(nop) COPY …`), BuildKit (`COPY a b # buildkit`) and buildah (`/bin/sh -c pip …`). Other texts stay as they are.
 */
export function instructionText(createdBy: string): string {
  // A source is known by its hash only; seven digits tell it from others.
  return withoutBuilder(createdBy).replace(/\b((?:dir|file|multi):[0-9a-f]{7})[0-9a-f]+/g, "$1");
}

function withoutBuilder(createdBy: string): string {
  const oneLine = createdBy.replace(/\s+/g, " ").trim();
  const withoutComment = oneLine.replace(/\s*# buildkit$/, "");
  const nop = /^\/bin\/sh -c #\(nop\) +(.*)$/.exec(withoutComment);
  if (nop) return nop[1] ?? "";
  const withArgs = /^(?:RUN )?\|\d+ (.*?)(\/bin\/sh -c .*)$/.exec(withoutComment);
  const shell = /^(?:RUN )?\/bin\/(?:ba|da)?sh (?:-[a-z]+ )*?-c (.*)$/.exec(withArgs ? (withArgs[2] ?? "") : withoutComment);
  if (shell) return `RUN ${shell[1] ?? ""}`;
  return withoutComment;
}
