// The plain script for pages where there is no WebAssembly.
import instantiate from 'wx-soter:instantiate';
import { defineGlobals } from '../define-globals.js';
import { handOver } from '../no-wasm/hand-over.js';

if (!handOver(instantiate)) defineGlobals();
