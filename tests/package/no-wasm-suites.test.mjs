// The suites again, with the script that needs no WebAssembly.
process.env.WX_SOTER_TEST_SCRIPT = 'wx-soter.no-wasm.js';

const { SUITES } = await import('./browser.mjs');
for (const suite of [...SUITES, 'verified-elsewhere']) await import(`./${suite}.test.mjs`);
