// `wx-soter/server` in a worker: Cloudflare's own runtime, by Wrangler.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { open } from '../package/chromium.mjs';
import { ANOTHER_ACCOUNT, freePort, installExample, logInElsewhere, shop, startExample } from './example.mjs';

test('two accounts pay, and a result is accepted once', async t => {
  const folder = await installExample('worker');
  const port = String(await freePort());
  const config = join(folder, 'wrangler.jsonc');
  await writeFile(config, (await readFile(config, 'utf8')).replaceAll('3000', port));
  const env = { WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1', WRANGLER_LOG_PATH: folder };
  await startExample(t, folder, { env, sign: /Ready on/ });
  const url = `http://localhost:${port}`;
  const opened = await open(t, url);
  const { logIn, pay } = shop(opened);
  await logIn('ann');
  assert.deepEqual([await pay(), await pay()], ['Order 1 is paid for.', 'Order 2 is paid for.']);
  const sent = opened.page.waitForRequest(/verify$/);
  await logIn('bob');
  assert.equal(await pay(), 'Order 1 is paid for.');

  // Bob's result a second time, by whom it is; and by nobody.
  const request = await sent;
  const [cookie] = await opened.page.context().cookies();
  const headers = { 'content-type': 'application/json', cookie: `${cookie.name}=${cookie.value}` };
  const again = headers => fetch(`${url}/soter/verify`, { method: 'POST', headers, body: request.postData() });
  assert.equal((await again(headers)).status, 409);
  assert.equal((await again({ ...headers, cookie: 'account=bob.forged' })).status, 401);

  // As if the server had lost the key: another device's record of a key that it never got.
  await opened.page.evaluate(() => {
    localStorage.setItem('wx-soter:localhost:eve', localStorage.getItem('wx-soter:localhost:ann'));
  });
  await logIn('eve');
  assert.deepEqual([await pay(), await pay()], ['Please press once more.', 'Order 2 is paid for.']);

  await logInElsewhere(opened, url, 'bob');
  assert.equal(await pay(), ANOTHER_ACCOUNT);
  await logIn('eve');
  assert.equal(await pay(), 'Order 1 is paid for.');
});
