// Takes the pictures of the pages for people who use MeldeSync, from the real product: `npm run docs:pictures`, with names for some.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SCENES } from './scenes.ts';
import { setStage } from './stage.ts';

const FOLDER = fileURLToPath(new URL('../../bilder/', import.meta.url));

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in SCENES));
if (unknown.length > 0) throw new Error(`no scene: ${unknown.join(', ')}; there are ${Object.keys(SCENES).join(', ')}`);

await using stage = await setStage();
await mkdir(FOLDER, { recursive: true });
for (const [name, play] of Object.entries(SCENES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const picture = await stage.compress(await play(stage));
  await writeFile(`${FOLDER}${name}.webp`, picture);
  process.stdout.write(`${name.padEnd(14)} ${Math.round(picture.length / 1024)} KB\n`);
}
