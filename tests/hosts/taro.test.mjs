// The Taro page, by Taro's own command line and both of its runners, with the Express example behind it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { answers, freePort, installExample, logInAndPay, startExample } from '../examples/example.mjs';
import { buildWithout } from './mini-program.mjs';

const shopFolder = await installExample('express');
// `taro init` takes webpack unless told otherwise, and every platform.
const folder = await installExample('taro', [
  '@pmmmwh/react-refresh-webpack-plugin@0.5.17',
  '@tarojs/plugin-platform-weapp@4.2.1',
  '@tarojs/webpack5-runner@4.2.1',
  'react-refresh@0.14.2',
  'webpack@5.91.0',
]);

const edit = async (file, change) => {
  const path = join(folder, file);
  await writeFile(path, change(await readFile(path, 'utf8')));
};

await edit('config/index.js', text =>
  text.replace("'@tarojs/plugin-platform-h5'", "$&, '@tarojs/plugin-platform-weapp'").replace("'vite'", 'process.env.RUNNER'),
);
await edit('babel.config.js', text => text.replace("'vite'", 'process.env.RUNNER'));

for (const runner of ['vite', 'webpack5']) {
  test(`${runner}: the page logs in and pays, is loaded anew, and goes on when the shop has lost its keys`, async t => {
    const [page, shop] = [await freePort(), await freePort()];
    const url = `http://localhost:${page}`;
    const startShop = () => startExample(t, shopFolder, { env: { PORT: String(shop), ORIGIN: url }, sign: /The shop is at/ });
    const env = { PORT: String(page), SHOP: `http://localhost:${shop}`, RUNNER: runner };
    await startExample(t, folder, { env, sign: /Taro v/ });
    // What it prints differs, and may be ahead of it.
    await answers(url);
    await logInAndPay(t, url, startShop);
  });

  test(`${runner}: the mini program has nothing of wx-soter in it`, () =>
    buildWithout(folder, '@tarojs/cli/bin/taro', ['build', '--type', 'weapp'], { RUNNER: runner }));
}
