// Some suites in Firefox, with the script that needs no WebAssembly: what it compiles to is the same in every browser.
process.env.WX_SOTER_TEST_BROWSER = 'firefox';
process.env.WX_SOTER_TEST_SCRIPT = 'wx-soter.no-wasm.js';

for (const suite of ['promises', 'storage', 'verified-elsewhere']) await import(`./${suite}.test.mjs`);
