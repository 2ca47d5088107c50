/** For the file dialog; systems disagree about the media type of CSV, so the ending decides. */
export const CSV_ENDINGS = '.csv,.txt';

/** Parts what was chosen or dropped into files to import and the number of those that are none. */
export function pickCsvFiles(files: Iterable<File>): { readonly accepted: readonly File[]; readonly refused: number } {
  const all = [...files];
  const accepted = all.filter(({ name }) => /\.(?:csv|txt)$/i.test(name));
  return { accepted, refused: all.length - accepted.length };
}
