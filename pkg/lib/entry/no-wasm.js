// The plain script for pages where there is no WebAssembly.
import { defineGlobals } from '../define-globals.js';
import { handOver } from '../no-wasm/hand-over.js';
import instantiate from '../no-wasm/instantiate.js';

if (!handOver(instantiate)) defineGlobals();
