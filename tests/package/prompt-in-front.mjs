// The prompt on pages that remove, hide or cover it: it comes back and works, or the call ends as cancelled. For each
// browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, eventually, promptPage, until } from './prompt-page.mjs';

const body = '<button id="go" onclick="start()">Go</button><p>Text</p><dialog id="other">Another <button>Close</button></dialog>';

/** What pages do while the prompt is open. */
const DISTURBANCES = {
  'a router that replaces the body’s content': () => document.body.replaceChildren(),
  'a script that removes what it does not know': () => document.querySelector('wx-soter-prompt').remove(),
  'a page whose whole content is replaced': () => {
    document.documentElement.replaceChildren(document.createElement('head'), document.createElement('body'));
  },
  'a page that is written anew': () => {
    document.open();
    document.write('<!doctype html><title>New</title><body>New');
    document.close();
  },
  'a body that is not displayed': () => (document.body.style.display = 'none'),
  'an invisible page': () => {
    document.documentElement.style.cssText = document.body.style.cssText = 'visibility: hidden; opacity: 0; pointer-events: none';
  },
  'an inert page': () => {
    document.documentElement.inert = document.body.inert = true;
  },
  'a style sheet against unknown elements': () => {
    const rules =
      'display: none !important; visibility: hidden !important; opacity: 0 !important; pointer-events: none !important';
    document.head.append(Object.assign(document.createElement('style'), { textContent: `wx-soter-prompt { ${rules} }` }));
  },
  'styles of the element itself': () => {
    const host = document.querySelector('wx-soter-prompt');
    host.hidden = host.inert = true;
    host.style.setProperty('display', 'none', 'important');
  },
  'a script that moves it': () => document.body.append(document.querySelector('wx-soter-prompt')),
  'a script that moves it into what is not displayed': () => {
    const box = document.body.appendChild(document.createElement('div'));
    box.style.display = 'none';
    box.append(document.querySelector('wx-soter-prompt'));
  },
  'a script that empties it': () => document.querySelector('wx-soter-prompt').shadowRoot.replaceChildren(),
  'a script that takes the attribute away': () =>
    document.querySelector('wx-soter-prompt').shadowRoot.querySelector('dialog').removeAttribute('open'),
  'a modal dialog of the page': () => document.getElementById('other').showModal(),
  'a modal dialog without a backdrop, beside it': () => {
    const other = document.getElementById('other');
    const rules = '#other { inset: 0 auto auto 0; margin: 0; width: 50px } #other::backdrop { display: none }';
    document.head.append(Object.assign(document.createElement('style'), { textContent: rules }));
    other.showModal();
  },
};

/** The same, done before the call. */
const EARLIER = [
  'a body that is not displayed',
  'an invisible page',
  'an inert page',
  'a style sheet against unknown elements',
  'a modal dialog of the page',
];

const assertUsable = async page => {
  // WebKit's hit test may still find it a moment after something covered it. What comes back has the focus at its beginning.
  const isCancelFocused = async () => {
    await page.press('Tab');
    return (await page.evaluate(() => focused())) === 'Cancel';
  };
  await eventually(isCancelFocused, 'Tab goes to Cancel');
  // WebKit on a busy machine has lost a click on what had just come back, and a person then clicks again.
  const isEndedByClick = async () => {
    const at = await page.evaluate(() => !globalThis.ended && seen('#n'));
    if (at) await page.click(at);
    return page.evaluate(() => globalThis.ended);
  };
  assert.equal(await eventually(isEndedByClick, 'Cancel ends the call'), 'cancelled');
  assert.equal(await page.evaluate(() => document.querySelectorAll('wx-soter-prompt').length), 0);
};

export const inFront = (browser, openPage) => {
  const show = async (t, options = { body }) => {
    const page = await openPage(t, promptPage(options));
    await call(page);
    return page;
  };

  for (const [disturbance, run] of Object.entries(DISTURBANCES)) {
    test(`${browser}: it comes back after ${disturbance}`, async t => {
      const page = await show(t);
      await page.evaluate(run);
      await until(page, () => seen());
      await assertUsable(page);
    });
  }

  for (const disturbance of EARLIER) {
    test(`${browser}: it is in front of ${disturbance}`, async t => {
      const page = await openPage(t, promptPage({ body }));
      await page.evaluate(DISTURBANCES[disturbance]);
      await page.evaluate(() => start());
      await until(page, () => seen());
      await assertUsable(page);
    });
  }

  for (const disturbance of ['a script that removes what it does not know', 'a modal dialog of the page']) {
    test(`${browser}: the focus goes back where it was, also after ${disturbance}`, async t => {
      const page = await show(t);
      await page.evaluate(DISTURBANCES[disturbance]);
      await until(page, () => seen());
      assert.equal(await page.evaluate(() => focused()), 'Verify it’s you');
      await page.evaluate(() => document.getElementById('other').close());
      await page.press('Escape');
      assert.equal(await until(page, () => globalThis.ended), 'cancelled');
      assert.equal(await page.evaluate(() => focused()), 'go');
    });

    test(`${browser}: the Continue button comes back after ${disturbance}, and goes on`, async t => {
      const page = await openPage(t, promptPage({ body }));
      await page.evaluate(() => loseClick());
      await call(page);
      await until(page, () => seen('#g'));
      await page.evaluate(DISTURBANCES[disturbance]);
      await until(page, () => seen('#g'));
      assert.equal(await page.evaluate(() => focused()), 'Continue');
      await page.press('Enter');
      await until(page, () => asked === 2);
      await page.press('Escape');
      assert.equal(await until(page, () => globalThis.ended), 'cancelled');
    });
  }

  test(`${browser}: a page that is not displayed any more ends the call as cancelled`, async t => {
    const page = await show(t);
    await page.evaluate(() => (document.documentElement.style.display = 'none'));
    assert.equal(await until(page, () => globalThis.ended), 'cancelled');
    assert.equal(await page.evaluate(() => document.querySelectorAll('wx-soter-prompt').length), 0);
  });

  test(`${browser}: a dialog that always wants to be in front too ends the call as cancelled`, async t => {
    const page = await show(t);
    await page.evaluate(() => {
      const other = document.getElementById('other');
      window.shown = 0;
      const fight = () => {
        const { left, top } = other.getBoundingClientRect();
        if (document.elementFromPoint(left + 2, top + 2) !== other) {
          window.shown += 1;
          other.close();
          other.showModal();
        }
        requestAnimationFrame(fight);
      };
      fight();
    });
    assert.equal(await until(page, () => globalThis.ended), 'cancelled');
    // It had to be brought in front more than once, so there was a fight.
    assert.ok((await page.evaluate(() => window.shown)) > 1);
    assert.equal(await page.evaluate(() => document.querySelectorAll('wx-soter-prompt').length), 0);
    assert.equal(await page.evaluate(() => document.getElementById('other').open), true);
  });

  test(`${browser}: a Continue button that cannot come back ends the call as cancelled`, async t => {
    const page = await openPage(t, promptPage({ body }));
    await page.evaluate(() => loseClick());
    await call(page);
    await until(page, () => seen('#g'));
    await page.evaluate(() => (document.documentElement.style.display = 'none'));
    assert.equal(await until(page, () => globalThis.ended), 'cancelled');
  });
};
