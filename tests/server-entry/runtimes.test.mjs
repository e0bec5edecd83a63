// The published package where servers run: Node by import and by require, Deno, Bun, and Cloudflare's workerd. Those that
// npm cannot install here are skipped, and it says so.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { build as esbuild } from 'esbuild';
import { consumer, install, write } from '../consumers/installed.mjs';
import { ANSWERS, PROGRAM } from './runtime-program.mjs';

const run = promisify(execFile);
const timeout = 60_000;

const IMPORT = `import * as entry from 'wx-soter/server'\n${PROGRAM}\nconsole.log(JSON.stringify(await answers(entry)))`;
const REQUIRE = `const entry = require('wx-soter/server')\n${PROGRAM}\nanswers(entry).then((all) => console.log(JSON.stringify(all)))`;

const answersOf = async (program, ...args) => {
  const { stdout } = await run(program, args, { cwd: consumer, timeout });
  return JSON.parse(stdout);
};

/** The first of these files of installed packages that runs; else the test is skipped. */
const binary = async (t, specifier, ...candidates) => {
  try {
    await install(specifier);
  } catch (error) {
    const said = String(error.stderr ?? error).split('\n');
    t.skip(`${specifier} cannot be installed here: ${said.find(line => line.startsWith('npm error')) ?? said[0]}`);
    return undefined;
  }
  for (const candidate of candidates) {
    const file = join(consumer, 'node_modules', candidate);
    if (!existsSync(file)) continue;
    try {
      t.diagnostic((await run(file, ['--version'], { timeout })).stdout.split('\n')[0]);
      return file;
    } catch {
      // One for another kind of machine.
    }
  }
  t.skip(`${specifier} has no program that runs here`);
  return undefined;
};

const ARCH = { x64: 'x64', arm64: 'arm64' }[process.arch];

test('Node, by import', async () => {
  assert.deepEqual(await answersOf(process.execPath, await write('program.mjs', IMPORT)), ANSWERS);
});

test('Node, by require', async () => {
  assert.deepEqual(await answersOf(process.execPath, await write('program.cjs', REQUIRE)), ANSWERS);
});

test('Deno', async t => {
  const glibc = `@deno/linux-${ARCH}-glibc/deno`;
  const deno = await binary(t, 'deno@2.9.6', glibc, `@deno/darwin-${ARCH}/deno`, `@deno/win32-${ARCH}/deno.exe`);
  if (!deno) return;
  const program = await write('program.mjs', IMPORT);
  // No permission at all: it reads no file and no network.
  assert.deepEqual(await answersOf(deno, 'run', '--no-prompt', '--node-modules-dir=manual', program), ANSWERS);
});

test('Bun', async t => {
  const system = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform];
  const packed = ['', '-baseline'].map(kind => `@oven/bun-${system}-${ARCH}${kind}/bin/bun`);
  // Its installation moves the program, where npm runs that.
  const bun = await binary(t, 'bun@1.4.5', 'bun/bin/bun.exe', ...packed, ...packed.map(file => `${file}.exe`));
  if (!bun) return;
  assert.deepEqual(await answersOf(bun, await write('program.mjs', IMPORT)), ANSWERS);
  assert.deepEqual(await answersOf(bun, await write('program.cjs', REQUIRE)), ANSWERS);
});

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
};

test('workerd', async t => {
  const system = { linux: 'linux', darwin: 'darwin', win32: 'windows' }[process.platform];
  const of = `@cloudflare/workerd-${system}-${ARCH === 'x64' ? '64' : 'arm64'}/bin/workerd`;
  const workerd = await binary(t, 'workerd@1.20261117.1', of, `${of}.exe`);
  if (!workerd) return;
  // As Cloudflare's own tools bundle: by the condition, with the module left to the host.
  const entry = await write(
    'worker.mjs',
    `import * as entry from 'wx-soter/server'\n${PROGRAM}
    export default { fetch: async () => Response.json(await answers(entry).catch((error) => String(error.stack))) }`,
  );
  const outfile = join(consumer, 'worker.bundle.mjs');
  await esbuild({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['*.wasm?module'],
    logLevel: 'silent',
  });
  const port = await freePort();
  const config = await write(
    'worker.capnp',
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const main :Workerd.Worker = (
  modules = [
    (name = "worker", esModule = embed "worker.bundle.mjs"),
    (name = "server.wasm?module", wasm = embed "node_modules/wx-soter/dist/server.wasm")
  ],
  compatibilityDate = "2026-01-01"
);`,
  );
  const server = spawn(workerd, ['serve', config], { cwd: consumer, stdio: ['ignore', 'inherit', 'inherit'] });
  t.after(() => server.kill());
  let response;
  for (let attempt = 0; !response && attempt < 100; attempt += 1) {
    await new Promise(soon => setTimeout(soon, 100));
    response = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
  }
  assert.deepEqual(await response.json(), ANSWERS);
});
