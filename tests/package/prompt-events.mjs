// What is done in the prompt stays in the prompt, and the page's modals and hot keys keep nothing from it. For each
// browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modals } from './modals.mjs';
import { call, eventually, promptPage, until } from './prompt-page.mjs';

const focused = page => page.evaluate(() => focused());

/** Notes what the page's listeners hear, from now on. */
const listen = () => {
  window.heard = [];
  const types = [
    ...['keydown', 'keypress', 'keyup', 'click', 'dblclick', 'auxclick', 'contextmenu', 'wheel'],
    ...['focus', 'blur', 'focusin', 'focusout'],
    ...['down', 'up', 'move', 'over', 'out', 'enter', 'leave', 'cancel'].map(what => `pointer${what}`),
    ...['down', 'up', 'move', 'over', 'out', 'enter', 'leave'].map(what => `mouse${what}`),
    ...['start', 'move', 'end', 'cancel'].map(what => `touch${what}`),
  ];
  const hear = ({ type, target }) => {
    if (type.startsWith('key') || target.localName === 'wx-soter-prompt') heard.push(type);
  };
  for (const type of types) {
    document.addEventListener(type, hear, true);
    document.addEventListener(type, hear);
    window.addEventListener(type, hear);
  }
};

export const events = (browser, openPage) => {
  for (const [name, { open, isOpen, ...site }] of Object.entries(modals)) {
    test(`${browser}: over ${name}, Tab, Escape and clicks are the prompt's alone`, async t => {
      const page = await openPage(t, promptPage(site));
      await page.evaluate(open);
      await until(page, isOpen);
      const assertEnded = async how => {
        assert.equal(await until(page, () => globalThis.ended), 'cancelled', how);
        assert.equal(await page.evaluate(isOpen), true, how);
        assert.equal(await focused(page), 'go', how);
      };

      await call(page);
      assert.equal(await focused(page), 'Verify it’s you');
      for (const key of ['Tab', 'Tab', 'Shift+Tab']) {
        await page.press(key);
        assert.equal(await focused(page), 'Cancel', key);
      }
      await page.click(await page.evaluate(() => seen('h2')));
      await page.click([5, 5]);
      assert.equal(await page.evaluate(isOpen), true);
      assert.ok(await page.evaluate(() => seen()));
      await page.press('Escape');
      await assertEnded('Escape');

      await call(page);
      await page.click(await page.evaluate(() => seen('#n')));
      await assertEnded('a click on Cancel');

      for (const key of ['Enter', 'Space']) {
        await call(page);
        await page.press('Tab');
        await page.press(key);
        await assertEnded(key);
      }

      // The page's own keys are the page's again.
      await page.press('Escape');
      await eventually(async () => !(await page.evaluate(isOpen)), `${name} is closed`);
    });
  }

  test(`${browser}: the Tab key goes round the buttons, in both directions`, async t => {
    const page = await openPage(t, promptPage());
    await page.evaluate(() => loseClick());
    await call(page);
    await until(page, () => seen('#g'));
    const been = [await focused(page)];
    for (const key of ['Tab', 'Tab', 'Shift+Tab', 'Shift+Tab']) {
      await page.press(key);
      been.push(await focused(page));
    }
    assert.deepEqual(been, ['Continue', 'Cancel', 'Continue', 'Cancel', 'Continue']);
    // Also from where a click has put the focus.
    for (const [key, where] of [
      ['Tab', 'Continue'],
      ['Shift+Tab', 'Cancel'],
    ]) {
      await page.click([5, 5]);
      await page.press(key);
      assert.equal(await focused(page), where);
    }
    // And where a script has taken it away.
    await page.evaluate(() => document.querySelector('wx-soter-prompt').shadowRoot.activeElement.blur());
    await page.press('Tab');
    assert.equal(await focused(page), 'Continue');
    await page.click(await page.evaluate(() => seen('#g')));
    await until(page, () => asked === 2);
  });

  test(`${browser}: the dialog itself is no stop of the Tab key`, async t => {
    const page = await openPage(t, promptPage());
    await call(page);
    const tabIndex = await page.evaluate(() => {
      return document.querySelector('wx-soter-prompt').shadowRoot.querySelector('dialog').getAttribute('tabindex');
    });
    assert.equal(tabIndex, '-1');
  });

  test(`${browser}: a page that is the first to hear of keys and focus does not win`, async t => {
    const page = await openPage(t, promptPage());
    await page.evaluate(() => {
      window.pulled = 0;
      const pull = event => {
        if (event.target === document.getElementById('go')) return;
        window.pulled += 1;
        event.preventDefault();
        event.stopPropagation();
        document.getElementById('go').focus();
      };
      for (const type of ['keydown', 'keyup', 'focusin', 'focus', 'mousedown', 'pointerdown'])
        window.addEventListener(type, pull, true);
    });
    await call(page);
    assert.ok((await page.evaluate(() => window.pulled)) > 0);
    await page.press('Tab');
    assert.equal(await focused(page), 'Cancel');
    await page.press('Escape');
    assert.equal(await until(page, () => globalThis.ended), 'cancelled');
  });

  test(`${browser}: the page's listeners hear nothing of it`, async t => {
    const page = await openPage(t, promptPage());
    await page.evaluate(listen);
    for (const end of ['Escape', 'Enter', 'Space', 'click']) {
      await call(page);
      await page.evaluate(() => (heard.length = 0));
      await page.click(await page.evaluate(() => seen('h2')));
      await page.click([5, 5]);
      for (const key of ['Space', 'Shift+Tab', 'Tab', 'Tab']) await page.press(key);
      if (end === 'click') await page.click(await page.evaluate(() => seen('#n')));
      else await page.press(end);
      assert.equal(await until(page, () => globalThis.ended), 'cancelled', end);
      assert.deepEqual(await page.evaluate(() => heard), [], end);
    }
    await page.press('Tab');
    assert.ok((await page.evaluate(() => heard)).includes('keydown'));
  });

  test(`${browser}: a key that is held down over the end does nothing in the page`, async t => {
    const page = await openPage(t, promptPage());
    await page.evaluate(listen);
    for (const key of ['Escape', 'Enter']) {
      await call(page);
      await page.press('Tab');
      await page.evaluate(() => (heard.length = 0));
      await page.keyDown(key);
      assert.equal(await until(page, () => globalThis.ended), 'cancelled', key);
      const started = await page.evaluate(() => started);
      // A key that is down goes down again and again.
      if (page.repeats) await page.keyDown(key);
      await page.keyUp(key);
      assert.deepEqual(await page.evaluate(() => [heard, started]), [[], started], key);
      // Pressed anew it is the page's.
      await page.press(key);
      assert.ok((await page.evaluate(() => heard)).includes('keydown'), key);
      if (key === 'Enter') {
        await until(page, () => seen());
        await page.press('Escape');
        await until(page, () => globalThis.ended);
      }
    }
  });

  test(`${browser}: what went down in the page comes up there`, async t => {
    const page = await openPage(t, promptPage({ body: '<button id="go">Go</button>' }));
    await page.evaluate(() => {
      window.up = [];
      const go = document.getElementById('go');
      go.onmousedown = go.onkeydown = () => start();
      for (const type of ['mouseup', 'pointerup', 'keyup']) document.addEventListener(type, () => up.push(type));
    });
    const at = await page.evaluate(() => {
      const { left, top } = document.getElementById('go').getBoundingClientRect();
      return [Math.round(left) + 3, Math.round(top) + 3];
    });
    await page.mouseDown(at);
    const inside = await until(page, () => seen());
    await page.mouseUp(inside);
    assert.deepEqual(await page.evaluate(() => up), ['pointerup', 'mouseup']);
    await page.press('Escape');
    assert.equal(await until(page, () => globalThis.ended), 'cancelled');

    await page.evaluate(() => {
      up.length = 0;
      document.getElementById('go').focus();
    });
    await page.keyDown('Enter');
    await until(page, () => seen());
    await page.keyUp('Enter');
    assert.deepEqual(await page.evaluate(() => up), ['keyup']);
    await page.press('Escape');
    assert.equal(await until(page, () => globalThis.ended), 'cancelled');
  });
};
