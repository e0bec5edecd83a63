// The uni-app page, by uni-app's own command line, with the Express example behind it.
import { test } from 'node:test';
import { freePort, installExample, logInAndPay, startExample } from '../examples/example.mjs';

test('uni serves a page that logs in and pays, and goes on when the shop has lost its keys', async t => {
  const [page, shop] = [await freePort(), await freePort()];
  const url = `http://localhost:${page}`;
  const folder = await installExample('express');
  const startShop = () => startExample(t, folder, { env: { PORT: String(shop), ORIGIN: url }, sign: /The shop is at/ });
  const env = { PORT: String(page), SHOP: `http://localhost:${shop}` };
  await startExample(t, await installExample('uni-app'), { env, sign: /ready in/i });
  await logInAndPay(t, url, startShop);
});
