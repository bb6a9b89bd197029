const ending = /\.coldstart\.json$/i;

/** What compared reports are called, in the order of their files: without folder and ending; the whole path where two would be called the same. */
export function reportNames(files: readonly string[]): readonly string[] {
  const short = files.map((file) => file.replace(/^.*[/\\]/, "").replace(ending, "") || file);
  return files.map((file, index) => {
    const name = short[index] ?? file;
    return short.filter((other) => other === name).length > 1 ? file : name;
  });
}
