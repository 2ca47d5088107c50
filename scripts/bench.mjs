import './lib/node-version.mjs';
import { runMeasured } from './lib/measured-run.mjs';

await runMeasured('bench', 'main.ts');
