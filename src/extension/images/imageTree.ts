import * as vscode from "vscode";
import { imageRowKind, lensCommandIds } from "../ids.ts";
import type { ImageChoices } from "../imageChoices.ts";
import type { Inspections } from "../inspections.ts";
import { currentMeasure } from "../settings.ts";
import { imageRowText, type ImageRow } from "./imageRow.ts";

/** The images that were inspected in this workspace, the latest first. A click opens the image's panel, which reads it where it is not known. */
export class ImageTree {
  readonly #choices: ImageChoices;
  readonly #inspections: Inspections;

  constructor(choices: ImageChoices, inspections: Inspections) {
    this.#choices = choices;
    this.#inspections = inspections;
  }

  /** None in an untrusted workspace, where no image is opened: the view then says so. */
  children(): ImageRow[] {
    return vscode.workspace.isTrusted ? this.#choices.recent().map((name) => ({ kind: "image", name })) : [];
  }

  item({ name }: ImageRow): vscode.TreeItem {
    const { label, description, tooltip, icon } = imageRowText(name, this.#inspections.get(name), currentMeasure());
    const item = new vscode.TreeItem(label);
    item.description = description;
    item.tooltip = tooltip;
    item.iconPath = new vscode.ThemeIcon(icon);
    item.contextValue = imageRowKind;
    item.command = { command: lensCommandIds.showImage, title: "Open", arguments: [name] };
    return item;
  }
}
