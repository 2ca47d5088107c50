/** Hands the browser a text, or what came from the service, to be kept as a file. */
export function saveFile(
  content: string | Blob,
  { name, type }: { readonly name: string; readonly type: string },
): void {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
