// What would be published.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
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
  'dist/no-wasm.cjs',
  'dist/no-wasm.d.cts',
  'dist/no-wasm.d.ts',
  'dist/no-wasm.js',
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
  'dist/wx-soter.no-wasm.js',
  'emulator/package.json',
  'no-wasm/package.json',
  'package.json',
  'server/package.json',
  'slim/package.json',
];

const manifest = JSON.parse(await readFile(installed('package.json'), 'utf8'));

test('holds these files and no others', () => {
  assert.deepEqual(tarball.files.map(({ path }) => path).sort(), FILES);
  for (const { path, size } of tarball.files) assert.ok(size > 0, path);
});

test('says what it is, and where it comes from', () => {
  for (const key of [
    'name',
    'version',
    'description',
    'keywords',
    'license',
    'author',
    'repository',
    'homepage',
    'bugs',
    'types',
  ]) {
    assert.ok(manifest[key], key);
  }
  assert.equal(manifest.private, undefined);
});

test('would be published as it is', () => {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const publish = spawnSync(npm, ['publish', '--dry-run', '--json'], {
    cwd: new URL('../../pkg/', import.meta.url),
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  assert.equal(publish.status, 0, publish.stderr);
  // npm mends a manifest that it does not like, and warns; that nobody is logged in is no matter.
  assert.doesNotMatch(publish.stderr, /auto-corrected|npm warn publish errors/i);
  const said = JSON.parse(publish.stdout);
  const { name, version, files } = said['wx-soter'] ?? said;
  assert.deepEqual([name, version], ['wx-soter', manifest.version]);
  assert.deepEqual(files.map(({ path }) => path).sort(), FILES);
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

// Much of it are the server's three forms, and the three without WebAssembly; a page loads one file.
test('is small', () => {
  assert.ok(tarball.size < 1_350_000, `${tarball.size} bytes`);
  assert.ok(tarball.unpackedSize < 4_800_000, `${tarball.unpackedSize} bytes`);
});

test('nothing of the server is in what pages load', async () => {
  for (const file of [
    'wx-soter.global.js',
    'index.js',
    'index.cjs',
    'slim.js',
    'no-wasm.js',
    'wx-soter.no-wasm.js',
    'auto.js',
    'emulator.js',
  ]) {
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
