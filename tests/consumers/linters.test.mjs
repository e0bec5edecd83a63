// What the linters of packages say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installed, program, tarballPath } from './installed.mjs';

const passes = async (name, ...args) => {
  const { code, printed } = await program(name, ...args);
  assert.equal(code, 0, printed);
  return printed;
};

test('publint has nothing to say', async () => {
  assert.match(await passes('publint', 'run', tarballPath, '--strict'), /All good/);
});

test('the types are right for import and for require', async () => {
  await passes('attw', tarballPath, '--exclude-entrypoints', 'core.wasm', '--profile', 'node16', '--no-definitely-typed');
});

// Used where they are there, and only there; but for `globalThis`, which is older than every browser that can run this. What
// old bundlers cannot read is newer syntax.
const FEATURES = 'globalThis,FinalizationRegistry,Uint8ArrayFromHex,StringIsWellFormed';

test('scripts need no more than ES2019', async () => {
  const files = ['wx-soter.global.js', 'index.cjs', 'auto.cjs', 'slim.cjs', 'emulator.cjs', 'server.cjs'].map(file =>
    installed(`dist/${file}`),
  );
  await passes('es-check', 'es2019', ...files, '--checkFeatures', '--ignore', FEATURES);
});

test('modules need no more than ES2019', async () => {
  const files = ['index.js', 'auto.js', 'slim.js', 'emulator.js', 'server.js', 'server.edge.js'].map(file =>
    installed(`dist/${file}`),
  );
  await passes('es-check', 'es2019', '--module', ...files, '--checkFeatures', '--ignore', FEATURES);
});
