import { formatBytes, formatCount, formatFraction } from "../../src/base/format.ts";
import type { HostMethods } from "../../src/protocol/messages.ts";
import type { FileRow, OpenedRow } from "../../src/results/report.ts";
import { el, fill, on } from "../dom.ts";
import { button, choice, searchField } from "../elements.ts";
import { everyFile, type FileFilter } from "../state.ts";
import { pagesOf, rowAfterKey, rowWindow } from "./rowWindow.ts";

const rowHeight = 24;
const pageSize = 200;
/** Browsers lay nothing out beyond some 33 million pixels; who has more files than this searches. */
const mostRows = 1_000_000;

/** What a list tells of: an image in reach has every file, a saved report those that startup opens. */
export type ListedFiles = "every" | "opened";

const kinds: Readonly<Record<ListedFiles, readonly (readonly [FileFilter["touched"], string])[]>> = {
  every: [
    ["all", "All files"],
    ["touched", "Opened until ready"],
    ["request", "Opened by the first request"],
    ["untouched", "Not opened"],
  ],
  opened: [
    ["all", "All that are opened"],
    ["touched", "Opened until ready"],
    ["request", "Opened by the first request"],
  ],
};

/** Files of the image, searchable; only the rows in sight exist, and only the pages around them are fetched. */
export class FileList {
  readonly element: HTMLElement;
  readonly #host: Pick<HostMethods, "files">;
  readonly #onFilter: (filter: FileFilter) => void;
  readonly #search;
  readonly #touched;
  readonly #sort;
  readonly #scope = el("p", { class: "scope" });
  readonly #count = el("p", { class: "dim", role: "status" });
  readonly #rows = el("div", { class: "rows", role: "rowgroup" });
  readonly #view = el("div", { class: "view", role: "grid", tabindex: 0, "aria-label": "Files of the image", "aria-colcount": 4 });
  readonly #reason = el("p", { class: "why", role: "status" });
  #pages = new Map<number, readonly FileRow[]>();
  #asked = new Set<number>();
  #total = 0;
  #active = 0;
  #filter: FileFilter | undefined;
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Pick<HostMethods, "files">, onFilter: (filter: FileFilter) => void, listed: ListedFiles = "every") {
    this.#host = host;
    this.#onFilter = onFilter;
    this.#search = searchField(
      listed === "every" ? "Search by path or package" : "Search by path",
      "for example: torch lib .so",
      (text) => {
        clearTimeout(this.#typing);
        this.#typing = setTimeout(() => this.#change({ search: text }), 120);
      },
    );
    this.#touched = choice<FileFilter["touched"]>("Which files", kinds[listed], (touched) => this.#change({ touched }));
    this.#sort = choice<FileFilter["sort"]>(
      "Order",
      [
        ["size", "Largest first"],
        ["path", "By path"],
      ],
      (sort) => this.#change({ sort }),
    );
    this.#view.append(this.#rows);
    on(this.#view, "scroll", () => this.#draw());
    on(this.#view, "keydown", (event) => this.#onKey(event as KeyboardEvent));
    on(this.#rows, "click", (event) => {
      const row = (event.target as Element).closest<HTMLElement>("[aria-rowindex]");
      if (row) this.#activate(Number(row.getAttribute("aria-rowindex")) - 1);
    });
    this.element = el(
      "section",
      { class: "files" },
      el(
        "h2",
        {},
        "Files ",
        listed === "opened" && el("span", { class: "dim" }, "that startup opens; the report does not hold the others"),
      ),
      el("div", { class: "controls" }, this.#search.element, this.#touched.element, this.#sort.element),
      this.#scope,
      this.#count,
      this.#view,
      this.#reason,
    );
    // Rows that were laid out before the list had its height would be too few.
    new ResizeObserver(() => this.#draw()).observe(this.#view);
  }

  update(filter: FileFilter, isNewReport: boolean): void {
    if (!isNewReport && filter === this.#filter) return;
    this.#filter = filter;
    if (this.#search.value !== filter.search) this.#search.value = filter.search;
    this.#touched.value = filter.touched;
    this.#sort.value = filter.sort;
    fill(this.#scope, ...this.#scopeText(filter));
    this.#pages = new Map();
    this.#asked = new Set();
    this.#active = 0;
    this.#view.scrollTop = 0;
    void this.#fetch(0);
  }

  focusRows(): void {
    this.#view.focus({ preventScroll: true });
  }

  #change(part: Partial<FileFilter>): void {
    this.#onFilter({ ...(this.#filter ?? everyFile), ...part });
  }

  #scopeText(filter: FileFilter): Node[] {
    const parts = [
      filter.package === undefined ? "" : filter.package === "" ? "files of no package" : filter.package,
      filter.layerIndex === undefined ? "" : `layer ${filter.layerIndex + 1}`,
    ].filter(Boolean);
    this.#scope.hidden = parts.length === 0;
    if (parts.length === 0) return [];
    const all = button("Show all files", "secondary", () => {
      const { search, touched, sort } = filter;
      this.#onFilter({ search, touched, sort });
    });
    return [el("span", {}, `Only ${parts.join(" in ")} `), all];
  }

  async #fetch(page: number): Promise<void> {
    if (this.#asked.has(page) || !this.#filter) return;
    this.#asked.add(page);
    const pages = this.#pages;
    const answer = await this.#host.files({ ...this.#filter, offset: page * pageSize, limit: pageSize }).catch(() => undefined);
    // Meanwhile the question may have changed.
    if (pages !== this.#pages) return;
    if (!answer) {
      this.#asked.delete(page);
      this.#count.textContent = "The files could not be listed. Inspect the image again.";
      return;
    }
    pages.set(page, answer.rows);
    if (page === 0) {
      this.#total = Math.min(answer.total, mostRows);
      const shown = answer.total > mostRows ? ` The first ${formatCount(mostRows)} are listed.` : "";
      const files = answer.total === 1 ? "1 file" : `${formatCount(answer.total)} files`;
      this.#count.textContent = answer.total === 0 ? "No file matches." : `${files}, ${formatBytes(answer.totalBytes)}.${shown}`;
      this.#view.setAttribute("aria-rowcount", String(this.#total));
      this.#rows.style.height = `${this.#total * rowHeight}px`;
      this.#view.hidden = this.#total === 0;
    }
    this.#draw();
  }

  #draw(): void {
    const visible = rowWindow(this.#view.scrollTop, this.#view.clientHeight, rowHeight, this.#total);
    for (const page of pagesOf(visible, pageSize)) void this.#fetch(page);
    const rows: HTMLElement[] = [];
    for (let index = visible.first; index < visible.end; index++) rows.push(this.#row(index));
    fill(this.#rows, ...rows);
    const activeRow = this.#rows.querySelector(".active");
    if (activeRow) this.#view.setAttribute("aria-activedescendant", activeRow.id);
    else this.#view.removeAttribute("aria-activedescendant");
    this.#showReason();
  }

  #at(index: number): FileRow | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.[index % pageSize];
  }

  #row(index: number): HTMLElement {
    const file = this.#at(index);
    const isActive = index === this.#active;
    const row = el("div", {
      role: "row",
      id: `file-${index}`,
      class: isActive ? "row active" : "row",
      "aria-rowindex": index + 1,
      "aria-selected": isActive ? "true" : "false",
    });
    row.style.top = `${index * rowHeight}px`;
    if (!file) {
      row.append(el("span", { role: "gridcell", class: "dim" }, "…"));
      return row;
    }
    const at = file.path.lastIndexOf("/") + 1;
    const { opened } = file;
    row.append(
      el("span", { role: "gridcell", class: "number" }, formatBytes(file.sizeBytes)),
      el("span", { role: "gridcell", class: "number" }, openedText(opened)),
      el(
        "span",
        { role: "gridcell", class: "path", title: file.path },
        el("span", { class: "dim" }, file.path.slice(0, at)),
        el("span", { class: "name" }, file.path.slice(at)),
      ),
      el("span", { role: "gridcell", class: "dim because" }, opened ? opened.evidence : (file.package ?? "")),
    );
    return row;
  }

  #showReason(): void {
    const file = this.#at(this.#active);
    if (!file) {
      fill(this.#reason);
      return;
    }
    const { opened } = file;
    const owner = file.package === "" ? ", of no package" : file.package === undefined ? "" : `, of ${file.package}`;
    const place = `${formatBytes(file.sizeBytes)}, layer ${file.layerIndex + 1}${owner}.`;
    const why = opened ? whyOpened(opened) : "Not expected to be opened, neither until the container is ready nor by its first request.";
    fill(this.#reason, el("span", { class: "path" }, file.path), ` ${place} ${why}`);
  }

  #onKey(event: KeyboardEvent): void {
    const inView = Math.max(1, Math.floor(this.#view.clientHeight / rowHeight) - 1);
    const target = rowAfterKey(event.key, this.#active, this.#total, inView);
    if (target === undefined) return;
    event.preventDefault();
    this.#activate(target);
  }

  #activate(index: number): void {
    this.#active = index;
    const top = index * rowHeight;
    const { scrollTop, clientHeight } = this.#view;
    if (top < scrollTop) this.#view.scrollTop = top;
    else if (top + rowHeight > scrollTop + clientHeight) this.#view.scrollTop = top + rowHeight - clientHeight;
    this.#draw();
  }
}

/** `●` until ready, `◐` by the first request only, `○` not at all. */
export function openedText(opened: OpenedRow | undefined): string {
  if (!opened) return "○ –";
  return opened.moment === "ready" ? `● ${formatBytes(opened.pageBytes)}` : `◐ ${formatBytes(opened.pageBytes)}`;
}

function whyOpened(opened: OpenedRow): string {
  const until = opened.moment === "ready" ? "until ready" : "by the first request";
  const later = opened.requestPageBytes - opened.pageBytes;
  const more = later > 0 ? `, ${formatBytes(later)} more by the first request` : "";
  return (
    `Opened ${until}, probability ${formatFraction(opened.probability)}: ${opened.evidence}. ` +
    `${opened.ruleMeaning} ${formatBytes(opened.pageBytes)} read${more}.`
  );
}
