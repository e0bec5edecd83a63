// A Next.js application without configuration: its pages are rendered on the server first, and then run in Chromium.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, consumer, install, write } from './installed.mjs';
import { open } from '../package/chromium.mjs';
import { ANSWERS, PROGRAM } from '../server-entry/runtime-program.mjs';

process.env.NEXT_TELEMETRY_DISABLED = '1';

const LAYOUT = `export default ({ children }) => <html lang="en"><body>{children}</body></html>`;

const PAGE = `'use client'
import 'wx-soter/auto'
import { createWx } from 'wx-soter'

const ours = createWx()
if (typeof document === 'object') globalThis.ours = ours

export default () => <p>{typeof ours.startSoterAuthentication}</p>`;

// The same in Node and in the edge runtime, where modules are compiled by the build.
const route = runtime => `import * as entry from 'wx-soter/server'
${PROGRAM}
export const runtime = '${runtime}'
export const dynamic = 'force-dynamic'
export const GET = async () => Response.json(await answers(entry).catch((error) => String(error.stack)))`;

test('a page is rendered on the server, and authenticates in the browser; routes verify', async t => {
  await install('next@16.4.6', 'react@19.3.1', 'react-dom@19.3.1');
  await mkdir(join(consumer, 'app'));
  await write('app/layout.js', LAYOUT);
  await write('app/page.js', PAGE);
  for (const runtime of ['nodejs', 'edge']) {
    await mkdir(join(consumer, 'app', runtime));
    await write(`app/${runtime}/route.js`, route(runtime));
  }
  const next = join(consumer, 'node_modules/next/dist/bin/next');
  await build(next, 'build');
  const server = spawn(process.execPath, [next, 'start', '--port', '0'], { cwd: consumer, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => server.kill());
  let url;
  while (!url) {
    const [printed] = await once(server.stdout, 'data');
    url = /http:\/\/localhost:\d+/.exec(printed)?.[0];
  }
  assert.match(await (await fetch(url)).text(), /<p>function<\/p>/);
  for (const runtime of ['nodejs', 'edge']) {
    assert.deepEqual(await (await fetch(`${url}/${runtime}`)).json(), ANSWERS, runtime);
  }
  const { page } = await open(t, url);
  await page.waitForFunction(() => globalThis.ours);
  const { succeeded, result } = await page.evaluate(() => settle(ours.startSoterAuthentication({ challenge: 'from next' })));
  assert.ok(succeeded, JSON.stringify(result));
});
