// The built package in WPE 2.38, which is the engine of Safari 16.0.
import { runIn } from './run-in.mjs';

await runIn('wpe');
