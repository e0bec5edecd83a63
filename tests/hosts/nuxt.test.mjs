// docs/frameworks/vue.md as somebody follows it: its button, its route, its page, in a Nuxt application.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, consumer, install, write } from '../consumers/installed.mjs';
import { freePort, payAcrossRestart, piecesOf, startExample } from '../examples/example.mjs';

process.env.NUXT_TELEMETRY_DISABLED = '1';

const FILES = [
  'app/components/PayButton.vue',
  'app/components/post.js',
  'server/api/soter/[call].post.js',
  'server/session.js',
  'app/app.vue',
];

test('a person pays twice; a server that was started anew does not know the key, and gets another', async t => {
  // The last that runs in Node 20.
  await install('nuxt@4.4.5');
  for (const folder of ['app/components', 'server/api/soter']) await mkdir(join(consumer, folder), { recursive: true });
  for (const [file, code] of await piecesOf('frameworks/vue.md', FILES)) await write(file, code);
  await write('nuxt.config.js', `export default defineNuxtConfig({ compatibilityDate: '2026-01-01', telemetry: false })`);
  const manifest = JSON.parse(await readFile(join(consumer, 'package.json'), 'utf8'));
  const scripts = { start: 'node .output/server/index.mjs' };
  await write('package.json', JSON.stringify({ ...manifest, type: 'module', scripts }));
  await build(join(consumer, 'node_modules/nuxt/bin/nuxt.mjs'), 'build');
  const port = String(await freePort());
  const url = `http://localhost:${port}`;
  await payAcrossRestart(t, url, () => startExample(t, consumer, { env: { PORT: port }, sign: /Listening/ }));
});
