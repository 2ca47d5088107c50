import type { OneTimeLink } from '@meldesync/protocol';
import { type CliContext, print, printAside } from '../context.ts';
import { printable } from '../output/text.ts';

/** Prints a link that works once, with the text of a mail to copy: whoever reads it may use it, so nothing sends it by itself. */
export function printLink(context: CliContext, link: OneTimeLink): void {
  const { t, dates } = context;
  print(context, printable(link.url));
  printAside(context, t('admin.linkUntil', { moment: dates.full(link.expiresAt) }));
  print(context);
  for (const line of link.mailText.split('\n')) print(context, printable(line));
}
