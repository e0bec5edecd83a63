// The host with dimina's contract: a mini program in a worker, whose callbacks are ids.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from '../package/chromium.mjs';
import { freePort, installExample, startExample } from './example.mjs';

test('a mini program pays with the authenticator, cancels, and pays on an emulated device', async t => {
  const port = String(await freePort());
  await startExample(t, await installExample('host'), { env: { PORT: port }, sign: /The host is at/ });
  const { page, tell } = await open(t, `http://localhost:${port}`);
  const status = page.locator('[role=status]');
  const pay = async () => {
    await status.evaluate(element => void (element.textContent = ''));
    await page.click('#pay');
    await status.getByText(/./).waitFor();
    return status.innerText();
  };
  assert.equal(await pay(), 'paid for from your server');
  assert.equal((await tell('getCredentials')).credentials.length, 1);
  await tell('setUserVerified', { isUserVerified: false });
  assert.equal(await pay(), '90008 startSoterAuthentication:fail cancel');
  await page.check('#emulator');
  assert.equal(await pay(), 'paid for from your server');
});
