/** What a panel kept of itself, as far as the host needs it. */
export interface SavedPanel {
  readonly imageName?: string;
}
