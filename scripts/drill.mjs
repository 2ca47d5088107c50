import './lib/node-version.mjs';
import { runMeasured } from './lib/measured-run.mjs';

await runMeasured('drill', 'drill.ts');
