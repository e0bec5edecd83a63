// The dialog: what is done in it, that it stays in front, and what it looks like.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { name, open } from '../../package/browser.mjs';
import { events } from '../../package/prompt-events.mjs';
import { inFront } from '../../package/prompt-in-front.mjs';
import { call, promptPage, until } from '../../package/prompt-page.mjs';

const openPage = (t, url) => open(t, url, { authenticator: { automaticPresenceSimulation: false } });

events(name, openPage);
inFront(name, openPage);

test('the drawing is as large as it should be, an outline, and above the words', async t => {
  const page = await openPage(t, promptPage());
  await call(page);
  const look = await page.evaluate(() => {
    const { shadowRoot } = document.querySelector('wx-soter-prompt');
    const svg = shadowRoot.querySelector('svg');
    const { fill, stroke, strokeWidth } = getComputedStyle(svg.firstChild);
    const { width, height, bottom } = svg.getBoundingClientRect();
    const isAbove = bottom <= shadowRoot.querySelector('h2').getBoundingClientRect().top + 8;
    return { width, height, fill, isStroked: stroke !== 'none', strokeWidth, isAbove };
  });
  assert.deepEqual(look, { width: 56, height: 56, fill: 'none', isStroked: true, strokeWidth: '1.4px', isAbove: true });
  await page.press('Escape');
});

test('Safari’s lost click: Continue has the focus, and goes on by pointer and by key', async t => {
  for (const how of ['pointer', 'Enter', 'Space']) {
    const page = await openPage(t, promptPage());
    await page.evaluate(() => {
      // In Safari's words, and at once, where it wants a click.
      const { credentials } = navigator;
      globalThis.asked = 0;
      credentials.create = async options => {
        asked += 1;
        if (asked === 1) throw new DOMException('This request has been cancelled by the user.', 'NotAllowedError');
        return CredentialsContainer.prototype.create.call(credentials, options);
      };
    });
    await call(page);
    const at = await until(page, () => seen('#g'));
    assert.equal(await page.evaluate(() => focused()), 'Continue');
    await page.evaluate(() => standIn.setAutomaticPresenceSimulation({ enabled: true }));
    if (how === 'pointer') await page.click(at);
    else await page.press(how);
    assert.equal(await until(page, () => globalThis.ended), 'succeeded', how);
    assert.deepEqual(await page.evaluate(() => [focused(), document.querySelectorAll('wx-soter-prompt').length]), ['go', 0]);
  }
});

test('it speaks the languages of the page', async t => {
  const page = await openPage(t, promptPage());
  for (const [lang, title] of [
    ['zh-CN', '请验证身份'],
    ['zh-TW', '請驗證身分'],
    ['en', 'Verify it’s you'],
  ]) {
    await page.evaluate(lang => start({ lang }), lang);
    await until(page, () => seen());
    assert.equal(await page.evaluate(() => focused()), title);
    await page.press('Escape');
    assert.equal(await until(page, () => globalThis.ended), 'cancelled');
  }
});
