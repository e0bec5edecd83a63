// What bundlers make of the package, run in Chromium.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from 'node:path';
import { readdir, readFile } from 'node:fs/promises';
import { bundlers } from './bundlers.mjs';
import { consumer, write } from './installed.mjs';
import { open } from '../package/chromium.mjs';
import { serve } from './folder-site.mjs';

const ESM = `import { createWx } from 'wx-soter'
globalThis.ours = createWx()`;

const AUTO = `import 'wx-soter/auto'
globalThis.ours = globalThis.wx`;

const CJS = `const { createWx } = require('wx-soter')
globalThis.ours = createWx()`;

const SLIM = `import { createWx, init } from 'wx-soter/slim'
const source = new URL('wx-soter/core.wasm', import.meta.url)
init(source)
globalThis.ours = createWx()`;

const SLIM_VITE = `import { createWx, init } from 'wx-soter/slim'
import source from 'wx-soter/core.wasm?url'
init(source)
globalThis.ours = createWx()`;

const UNUSED = `import { createWx, install, toAuthenticationResponse } from 'wx-soter'
import * as slim from 'wx-soter/slim'
document.title = 'unused'`;

/** Bundles a program, and resolves with the folder of the page. */
const bundle = async (name, title, program, extension = 'js') => {
  const id = `${name}-${title}`;
  const folder = join(consumer, `${id}-built`);
  const warnings = await bundlers[name](await write(`${id}.${extension}`, program), folder);
  // webpack recommends less than 244 KiB before compression for all of a page; the loader and `slim` are for who minds.
  assert.deepEqual(
    warnings.filter(warning => !/size limit|performance recommendations/.test(warning)),
    [],
  );
  return folder;
};

/** Runs the page, authenticates once, and resolves with what kind of global `wx` there is. */
const authenticate = async (t, folder) => {
  const { page, pageErrors } = await open(t, await serve(t, folder));
  const { succeeded, result } = await page.evaluate(() => settle(ours.startSoterAuthentication({ challenge: 'from a bundle' })));
  assert.ok(succeeded, JSON.stringify(result));
  assert.equal(result.errMsg, 'startSoterAuthentication:ok');
  assert.equal(JSON.parse(result.resultJSON).raw, 'from a bundle');
  assert.match(result.resultJSONSignature, /^[\w+/]{90,100}={0,2}$/);
  assert.deepEqual(pageErrors, []);
  return page.evaluate(() => typeof wx);
};

const scripts = async folder => {
  const files = await readdir(folder, { recursive: true });
  const contents = files.filter(file => file.endsWith('.js')).map(file => readFile(join(folder, file), 'utf8'));
  return (await Promise.all(contents)).join('\n');
};

for (const name of Object.keys(bundlers)) {
  test(`${name}: createWx from the main entry authenticates, and nothing is global`, async t => {
    assert.equal(await authenticate(t, await bundle(name, 'main', ESM)), 'undefined');
  });

  test(`${name}: the import for its effect survives tree shaking, and authenticates`, async t => {
    assert.equal(await authenticate(t, await bundle(name, 'auto', AUTO)), 'object');
  });

  test(`${name}: what is imported and not used is dropped`, async t => {
    const folder = await bundle(name, 'unused', UNUSED);
    const code = await scripts(folder);
    assert.doesNotMatch(code, /Soter|WebAssembly/);
    // Vite adds a loader of modules of its own.
    assert.ok(code.length < 1500, `${code.length} characters`);
    const { page } = await open(t, await serve(t, folder));
    assert.equal(await page.title(), 'unused');
  });
}

for (const name of ['esbuild', 'webpack', 'webpack4']) {
  test(`${name}: require('wx-soter') authenticates`, async t => {
    await authenticate(t, await bundle(name, 'require', CJS, 'cjs'));
  });
}

for (const [name, program] of [
  ['webpack', SLIM],
  ['vite', SLIM_VITE],
]) {
  test(`${name}: the slim entry takes the module as a file that the bundler emits`, async t => {
    const folder = await bundle(name, 'slim', program);
    const files = await readdir(folder, { recursive: true });
    assert.equal(files.filter(file => file.endsWith('.wasm')).length, 1);
    assert.ok((await scripts(folder)).length < 40_000);
    await authenticate(t, folder);
  });
}
