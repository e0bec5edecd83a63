// The script that needs no WebAssembly, in WPE 2.38.
import { runIn } from './run-in.mjs';

await runIn('wpe', 'wx-soter.no-wasm.js');
