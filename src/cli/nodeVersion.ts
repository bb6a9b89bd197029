/** The first version whose zlib reads zstd and that the HTTP library supports; `engines` in package.json says the same. */
const oldest = [22, 19] as const;

/** What to tell a user whose Node is too old; undefined when it will do. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return undefined;
  return `Coldstart needs Node ${oldest.join(".")} or newer, this is ${version}.\nInstall a current one from your package manager or nodejs.org.`;
}
