// The uni-app page, by uni-app's own command line, with the Express example behind it.
import { test } from 'node:test';
import { freePort, installExample, logInAndPay, startExample } from '../examples/example.mjs';
import { buildWithout } from './mini-program.mjs';

const folder = await installExample('uni-app', ['@dcloudio/uni-mp-weixin@3.0.0-5010420260703001']);

test('uni serves a page that logs in and pays, is loaded anew, and goes on when the shop has lost its keys', async t => {
  const [page, shop] = [await freePort(), await freePort()];
  const url = `http://localhost:${page}`;
  const shopFolder = await installExample('express');
  const startShop = () => startExample(t, shopFolder, { env: { PORT: String(shop), ORIGIN: url }, sign: /The shop is at/ });
  const env = { PORT: String(page), SHOP: `http://localhost:${shop}` };
  await startExample(t, folder, { env, sign: /ready in/i });
  await logInAndPay(t, url, startShop);
});

test('the mini program has nothing of wx-soter in it', () =>
  buildWithout(folder, '@dcloudio/vite-plugin-uni/bin/uni.js', ['build', '--platform', 'mp-weixin']));
