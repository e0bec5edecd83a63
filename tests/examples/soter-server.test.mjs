// The page with a Node backend and soter-server behind it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { open } from '../package/chromium.mjs';
import { startServer } from '../server/soter-server.mjs';
import { freePort, installExample, logInElsewhere, shop, startExample } from './example.mjs';

const folder = await installExample('soter-server');

test('two accounts pay, each with a key of its own', async t => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const server = await startServer({ origin: url });
  await startExample(t, folder, {
    env: { PORT: String(port), SOTER_SERVER: `http://${server.address}`, ACCESS_TOKEN: server.token },
    sign: /The shop is at/,
  });
  const opened = await open(t, url);
  const { logIn, pay } = shop(opened);
  await logIn('ann');
  assert.deepEqual([await pay(), await pay()], ['confirmed', 'confirmed']);
  await opened.page.reload();
  await logIn('bob');
  assert.equal(await pay(), 'confirmed');
  assert.equal((await server.call('remove_key', { openid: 'ann', all: true })).is_ok, true);
  await opened.page.reload();
  await logIn('ann');
  assert.deepEqual([await pay(), await pay()], ['please confirm once more', 'confirmed']);
  assert.deepEqual(
    opened.pageErrors.filter(text => !text.includes('403')),
    ['invalid openid undefined undefined'],
  );

  await logInElsewhere(opened, url, 'bob');
  assert.equal(await pay(), 'somebody else has logged in: please load the page anew');
  await opened.page.reload();
  await logIn('ann');
  assert.equal(await pay(), 'confirmed');
  assert.equal((await server.call('list_keys', { openid: 'ann' })).keys.length, 1);
});

test('without a token it says where to find one', async () => {
  const { ACCESS_TOKEN: _, ...env } = process.env;
  const [code, stderr] = await new Promise(ended => {
    execFile(process.execPath, ['server.js'], { cwd: folder, env }, (error, _, stderr) => ended([error?.code, stderr]));
  });
  assert.deepEqual([code, /ACCESS_TOKEN is not set/.test(stderr)], [1, true]);
});
