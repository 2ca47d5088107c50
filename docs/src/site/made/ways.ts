import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A list of what `deploy/` holds, each with the title of the document that introduces it. */
export function waysMarkdown(root: string): string {
  const folder = join(root, 'deploy');
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'README.md')))
    .toSorted()
    .map((name) => {
      const title = /^# (.+)$/m.exec(readFileSync(join(folder, name, 'README.md'), 'utf8'))?.[1] ?? name;
      return `- [\`deploy/${name}\`](../../deploy/${name}/README.md): ${title}`;
    })
    .join('\n');
}
