// Pages that a framework's own command line has built, in the place of those of the Express example, whose server they belong to.
import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { consumer } from '../consumers/installed.mjs';
import { freePort, installExample, startExample } from '../examples/example.mjs';
import { open } from '../package/chromium.mjs';

/** Puts members into the consumer's package.json, and what npm has put there stays. */
export const extendManifest = async members => {
  const path = join(consumer, 'package.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...manifest, ...members }));
};

/**
 * Someone logs in and pays twice, with one key; the server, started anew, does not know the key; when the page has forgotten it, the
 * next press makes another.
 */
export const payOnBuiltPages = async (t, pages) => {
  const folder = await installExample('express');
  const site = join(folder, 'public');
  await rm(site, { recursive: true });
  await cp(pages, site, { recursive: true });
  const port = String(await freePort());
  const url = `http://localhost:${port}`;
  const start = () => startExample(t, folder, { env: { PORT: port, ORIGIN: url }, sign: /The shop is at/ });

  const server = await start();
  const { page, tell, pageErrors } = await open(t, url);
  const logIn = () =>
    page.evaluate(async () => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ account: 'ann' });
      return (await fetch('/log-in', { method: 'POST', headers, body })).status;
    });
  const press = async () => {
    const verified = page.waitForResponse(response => response.url() === `${url}/soter/verify`);
    // The buttons of some frameworks are not the browser's: a click on one that is disabled would be lost.
    await page.waitForFunction(() => !document.querySelector('[disabled]'));
    await page.getByText('Pay 12.00').click();
    return (await verified).status();
  };
  const keys = async () => (await tell('getCredentials')).credentials.length;

  assert.equal(await logIn(), 204);
  assert.deepEqual([await press(), await press(), await keys()], [204, 204, 1]);
  assert.match(server.printed(), /ann paid for order 1\nann paid for order 1/);
  assert.deepEqual(pageErrors, []);
  assert.ok(await page.evaluate(() => localStorage.getItem('wx-soter:localhost:ann')));

  await server.stop();
  const again = await start();
  assert.equal(await logIn(), 204);
  assert.equal(await press(), 403);
  await page.waitForFunction(() => localStorage.getItem('wx-soter:localhost:ann') === null);
  assert.equal(await press(), 204);
  assert.match(again.printed(), /ann paid for order 1\n/);
};
