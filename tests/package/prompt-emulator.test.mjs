// The prompt beside the emulator, where a dialog of the page plays the system's and lies above.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './prompt-chromium.mjs';
import { promptPage, until } from './prompt-page.mjs';

const head = `<script type="module">
  import { createEmulator } from '/pkg/dist/emulator.js'
  const sheet = document.getElementById('sheet')
  const { setInterval } = globalThis
  globalThis.ticks = 0
  globalThis.setInterval = (run, ...rest) => setInterval(() => (ticks += 1, run()), ...rest)
  const user = () => new Promise((resolve) => {
    sheet.showModal()
    for (const button of sheet.querySelectorAll('button')) button.onclick = () => (sheet.close(), resolve(button.id))
  })
  globalThis.device = createEmulator({ prompt: 'dialog', user })
  globalThis.start = () => {
    globalThis.ended = undefined
    device.wx.startSoterAuthentication({ challenge: 'c' }).then(() => (globalThis.ended = 'succeeded'), ({ reason }) => (globalThis.ended = reason))
  }
</script>`;
const body =
  '<button id="go" onclick="start()">Go</button><dialog id="sheet"><button id="ignore">Away</button><button id="accept">Finger</button></dialog>';

const start = async t => {
  const page = await openPage(t, promptPage({ head, body }));
  await until(page, () => !!globalThis.device);
  await page.evaluate(() => start());
  await until(page, () => document.getElementById('sheet').open);
  return page;
};

test('it stays below the dialog of the page, whose keys are its own', async t => {
  const page = await start(t);
  // More often than it would take to give up.
  await until(page, () => ticks > 8);
  assert.equal(await page.evaluate(() => globalThis.ended), undefined);
  assert.equal(await page.evaluate(() => focused()), 'ignore');
  await page.press('Tab');
  assert.equal(await page.evaluate(() => focused()), 'accept');
  await page.press('Enter');
  assert.equal(await until(page, () => globalThis.ended), 'succeeded');
});

test('it comes back where it is removed, and can be left', async t => {
  const page = await start(t);
  await page.press('Enter');
  await until(page, () => seen());
  await page.evaluate(() => document.querySelector('wx-soter-prompt').remove());
  await until(page, () => seen());
  await page.press('Escape');
  assert.equal(await until(page, () => globalThis.ended), 'cancelled');
});
