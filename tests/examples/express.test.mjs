// The page with an Express server and accounts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from '../package/chromium.mjs';
import { ANOTHER_ACCOUNT, freePort, installExample, logInElsewhere, shop, startExample } from './example.mjs';

const folder = await installExample('express');

test('two accounts pay, and a server that has lost all keys gets another by the next press', async t => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const start = () => startExample(t, folder, { env: { PORT: String(port) }, sign: /The shop is at/ });
  const first = await start();
  const opened = await open(t, url);
  const { page, tell, pageErrors } = opened;
  const { logIn, pay } = shop(opened);
  await logIn('ann');
  assert.deepEqual([await pay(), await pay()], ['Order 1 is paid for.', 'Order 2 is paid for.']);
  await logIn('bob');
  assert.equal(await pay(), 'Order 1 is paid for.');
  assert.equal((await tell('getCredentials')).credentials.length, 2);
  assert.match(first.printed(), /ann paid for order 1\nann paid for order 2\nbob paid for order 1/);
  assert.deepEqual(pageErrors, []);

  await first.stop();
  await start();
  await page.reload();
  await logIn('ann');
  assert.deepEqual([await pay(), await pay()], ['Please press once more.', 'Order 2 is paid for.']);

  await tell('setUserVerified', { isUserVerified: false });
  assert.equal(await pay(), 'That was not confirmed. Please try again.');
});

test('where somebody else logs in by another tab, nobody pays, and no key is lost or made', async t => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const { printed } = await startExample(t, folder, { env: { PORT: String(port) }, sign: /The shop is at/ });
  const opened = await open(t, url);
  const { logIn, pay } = shop(opened);
  await logIn('ann');
  assert.equal(await pay(), 'Order 1 is paid for.');
  await logInElsewhere(opened, url, 'bob');
  for (let press = 0; press < 2; press += 1) assert.equal(await pay(), ANOTHER_ACCOUNT);
  await logIn('ann');
  assert.equal(await pay(), 'Order 1 is paid for.');
  assert.equal((await opened.tell('getCredentials')).credentials.length, 1);
  assert.doesNotMatch(printed(), /bob/);
});

test('a double click pays once, and who is logged out is told so', async t => {
  const port = await freePort();
  const { printed } = await startExample(t, folder, { env: { PORT: String(port) }, sign: /The shop is at/ });
  const opened = await open(t, `http://localhost:${port}`);
  const { logIn, pay } = shop(opened);
  await logIn('ann');
  await opened.page.locator('#pay').evaluate(button => {
    button.click();
    button.click();
  });
  await opened.page.getByText('Order 1 is paid for.').waitFor();
  assert.equal(await pay(), 'Order 2 is paid for.');
  assert.match(printed(), /ann paid for order 1\nann paid for order 2\n$/);
  await opened.page.context().clearCookies();
  assert.equal(await pay(), 'Please log in again.');
});

test('nobody pays without being logged in', async t => {
  const port = await freePort();
  await startExample(t, folder, { env: { PORT: String(port) }, sign: /The shop is at/ });
  for (const path of ['challenge', 'key', 'verify']) {
    const response = await fetch(`http://localhost:${port}/soter/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    assert.equal(response.status, 401, path);
  }
});

test('a server that is for pages of another origin says so, and so does the page', async t => {
  const port = await freePort();
  const env = { PORT: String(port), ORIGIN: 'http://localhost:1' };
  const { printed } = await startExample(t, folder, { env, sign: /The shop is at/ });
  const opened = await open(t, `http://localhost:${port}`);
  const { logIn, pay } = shop(opened);
  await logIn('ann');
  assert.equal(await pay(), 'Your device could not be registered. Please try again.');
  assert.match(opened.pageErrors.join('\n'), /enrolment-refused Error: origin-not-allowed/);
  assert.match(printed(), /\/key: origin-not-allowed \(ORIGIN is http:\/\/localhost:1\)/);
});
