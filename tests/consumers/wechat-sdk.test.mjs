// WeChat's JSSDK from each of its packages, as docs/frameworks/plain-page.md imports it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from 'node:path';
import { bundlers } from './bundlers.mjs';
import { serve } from './folder-site.mjs';
import { consumer, install, write } from './installed.mjs';
import { piecesOf } from '../examples/example.mjs';
import { open } from '../package/chromium.mjs';

const SDKS = ['weixin-js-sdk', 'jweixin-module'];

await install('weixin-js-sdk@1.6.5', 'jweixin-module@1.6.0');
const [[, imported], [, global]] = await piecesOf('frameworks/plain-page.md', SDKS, "Beside WeChat's JSSDK");

for (const [bundler, sdk, program] of [
  ['vite', 'weixin-js-sdk', imported],
  ['webpack', 'weixin-js-sdk', imported],
  ['webpack4', 'jweixin-module', imported.replace('weixin-js-sdk', 'jweixin-module')],
  ['esbuild', 'jweixin-module', global],
  ['vite', 'jweixin-module', global],
]) {
  test(`${bundler}: ${sdk} keeps its calls, and gets ours`, async t => {
    const id = `${bundler}-${sdk}`;
    const folder = join(consumer, `${id}-built`);
    await bundlers[bundler](await write(`${id}.js`, `${program}\nglobalThis.sdk = wx`), folder);
    const { page } = await open(t, await serve(t, folder));
    const { config, succeeded, result } = await page.evaluate(async () => ({
      config: typeof sdk.config,
      ...(await settle(sdk.startSoterAuthentication({ challenge: 'from a page of WeChat' }))),
    }));
    assert.equal(config, 'function');
    assert.ok(succeeded, JSON.stringify(result));
    assert.equal(JSON.parse(result.resultJSON).raw, 'from a page of WeChat');
    assert.equal(await page.evaluate(() => sdk.canIUse('startSoterAuthentication.object.challenge')), true);
  });
}
