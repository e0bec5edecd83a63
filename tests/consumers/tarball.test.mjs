// What would be published.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFile } from 'node:fs/promises';
import { installed, tarball } from './installed.mjs';

const FILES = [
  'LICENSE-APACHE',
  'LICENSE-MIT',
  'README.md',
  'auto/package.json',
  'dist/auto.cjs',
  'dist/auto.d.cts',
  'dist/auto.d.ts',
  'dist/auto.js',
  'dist/core.js',
  'dist/core.wasm',
  'dist/emulator.cjs',
  'dist/emulator.d.cts',
  'dist/emulator.d.ts',
  'dist/emulator.js',
  'dist/index.cjs',
  'dist/index.d.cts',
  'dist/index.d.ts',
  'dist/index.js',
  'dist/platform.d.cts',
  'dist/platform.d.ts',
  'dist/server.cjs',
  'dist/server.d.cts',
  'dist/server.d.ts',
  'dist/server.edge.js',
  'dist/server.js',
  'dist/server.wasm',
  'dist/slim.cjs',
  'dist/slim.d.cts',
  'dist/slim.d.ts',
  'dist/slim.js',
  'dist/wx-soter.global.js',
  'dist/wx-soter.loader.js',
  'emulator/package.json',
  'package.json',
  'server/package.json',
  'slim/package.json',
];

const manifest = JSON.parse(await readFile(installed('package.json'), 'utf8'));

test('holds these files and no others', () => {
  assert.deepEqual(tarball.files.map(({ path }) => path).sort(), FILES);
  for (const { path, size } of tarball.files) assert.ok(size > 0, path);
});

test('runs nothing when it is installed, and brings nothing along', () => {
  for (const key of [
    'scripts',
    'dependencies',
    'peerDependencies',
    'optionalDependencies',
    'bundleDependencies',
    'bin',
    'gypfile',
  ]) {
    assert.equal(manifest[key], undefined, key);
  }
});

// Three fifths of it are the server's, in three forms; no page loads them.
test('is small', () => {
  assert.ok(tarball.size < 1_000_000, `${tarball.size} bytes`);
  assert.ok(tarball.unpackedSize < 3_600_000, `${tarball.unpackedSize} bytes`);
});

test('nothing of the server is in what pages load', async () => {
  for (const file of ['wx-soter.global.js', 'index.js', 'index.cjs', 'slim.js', 'auto.js', 'emulator.js']) {
    assert.doesNotMatch(await readFile(installed(`dist/${file}`), 'latin1'), /VerificationError|verifyResult|server\.wasm/, file);
  }
});

test('every file that the manifest names is there', () => {
  const named = [];
  const gather = value => (typeof value === 'string' ? named.push(value) : Object.values(value).forEach(gather));
  gather([
    manifest.exports,
    manifest.main,
    manifest.module,
    manifest.types,
    manifest.unpkg,
    manifest.jsdelivr,
    manifest.sideEffects,
  ]);
  for (const file of named) assert.ok(FILES.includes(file.replace('./', '')), file);
});

test('names nothing of the machine that built it', async () => {
  for (const file of FILES) {
    const content = await readFile(installed(file), 'latin1');
    assert.doesNotMatch(content, /(^|[^:\w])\/(home|root|Users|work|tmp)\/|sourceMappingURL/, file);
  }
});
