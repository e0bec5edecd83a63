// The types, as TypeScript sees them in programs of others. What must not compile stands under `@ts-expect-error`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { borrow, copy, program, write } from './installed.mjs';

await borrow('miniprogram-api-typings');
await copy('types');

const STRICT = {
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  target: 'es2022',
  lib: ['es2022', 'dom'],
  types: [],
};

const compile = async (name, files, options) => {
  const project = await write(`tsconfig.${name}.json`, JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files }));
  const { code, printed } = await program('tsc', '--project', project);
  assert.equal(code, 0, printed);
};

const WAYS = {
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
};

await write('types/package.json', JSON.stringify({ type: 'module' }));

for (const [way, options] of Object.entries(WAYS)) {
  test(`programs compile under strict, resolved as ${way}`, () =>
    compile(way, ['types/calls.ts', 'types/settings.ts', 'types/entries.ts'], options));

  test(`the types are assignable to WeChat's, resolved as ${way}`, () =>
    compile(`wechat-${way}`, ['types/wechat.ts'], { ...options, skipLibCheck: true, types: ['miniprogram-api-typings'] }));
}

// A server has no DOM, and many have the older resolution, which finds the folder.
for (const [way, options] of Object.entries(WAYS)) {
  test(`a server compiles without a DOM, resolved as ${way}`, () =>
    compile(`server-${way}`, ['types/server.ts'], { ...options, lib: ['es2022'], exactOptionalPropertyTypes: true }));
}

// Nor has a test that runs in Node, and with `skipLibCheck: false` the package's own types have to do without, too.
for (const [way, options] of Object.entries(WAYS)) {
  test(`a program with the emulator compiles without a DOM, resolved as ${way}`, () =>
    compile(`emulator-${way}`, ['types/emulator.ts'], { ...options, lib: ['es2022'] }));
}

test('a CommonJS program compiles', () => compile('require', ['types/require.cts'], WAYS.nodenext));

test('a plain script knows the global WxSoter', () =>
  compile('global', ['types/global.ts', 'node_modules/wx-soter/dist/index.d.ts'], { ...WAYS.bundler, moduleDetection: 'auto' }));

test('exactOptionalPropertyTypes changes nothing', () =>
  compile('exact', ['types/settings.ts', 'types/calls.ts'], { ...WAYS.nodenext, exactOptionalPropertyTypes: true }));
