// Parcel as people start with it: a page, and no configuration beside it. It does not look into `exports`.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, consumer, install, write } from './installed.mjs';
import { open } from '../package/chromium.mjs';
import { serve } from './folder-site.mjs';

const PROGRAM = `import 'wx-soter/auto'
import { createWx } from 'wx-soter/slim'
globalThis.ours = [globalThis.wx, createWx()]`;

test('a page with both subpaths authenticates', async t => {
  await install('parcel@2.16.4');
  await write('main.js', PROGRAM);
  await write(
    'index.html',
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Page</title><script type="module" src="main.js"></script>',
  );
  const built = join(consumer, 'built');
  await build('node_modules/parcel/lib/bin.js', 'build', 'index.html', '--no-cache', '--dist-dir', built);
  const { page } = await open(t, await serve(t, built));
  await page.waitForFunction(() => globalThis.ours);
  const { succeeded, result } = await page.evaluate(() => settle(ours[0].startSoterAuthentication({ challenge: 'from parcel' })));
  assert.ok(succeeded, JSON.stringify(result));
  assert.equal(await page.evaluate(() => typeof ours[1].startSoterAuthentication), 'function');
});
