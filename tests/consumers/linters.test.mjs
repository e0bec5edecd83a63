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

// Used where they are there, and only there.
const OPTIONAL = 'FinalizationRegistry,Uint8ArrayFromHex';

test('scripts need no more than ES2020', async () => {
  const files = ['wx-soter.global.js', 'index.cjs', 'auto.cjs', 'slim.cjs', 'emulator.cjs', 'server.cjs'].map(file =>
    installed(`dist/${file}`),
  );
  await passes('es-check', 'es2020', ...files, '--checkFeatures', '--ignore', OPTIONAL);
});

test('modules need no more than ES2020', async () => {
  const files = ['index.js', 'auto.js', 'slim.js', 'emulator.js', 'server.js', 'server.edge.js'].map(file =>
    installed(`dist/${file}`),
  );
  await passes('es-check', 'es2020', '--module', ...files, '--checkFeatures', '--ignore', OPTIONAL);
});
