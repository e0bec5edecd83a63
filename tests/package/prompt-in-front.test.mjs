// The prompt stays in front, in Chromium; and what only a test of one browser can look at.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './prompt-chromium.mjs';
import { inFront } from './prompt-in-front.mjs';
import { call, promptPage, until } from './prompt-page.mjs';

inFront('Chromium', openPage);

/** Counts what is left on the page of listeners and timers, and how often the timers ran. */
const count = () => {
  globalThis.left = { listeners: 0, timers: 0 };
  globalThis.ticks = 0;
  const { setInterval, clearInterval, addEventListener, removeEventListener } = globalThis;
  const listeners = new Map();
  const change = (method, how) =>
    function (type, listener, ...rest) {
      if (!listeners.has(listener)) listeners.set(listener, new Set());
      listeners.get(listener)[how](type);
      left.listeners = [...listeners.values()].reduce((sum, types) => sum + types.size, 0);
      return method.call(this, type, listener, ...rest);
    };
  globalThis.addEventListener = change(addEventListener, 'add');
  globalThis.removeEventListener = change(removeEventListener, 'delete');
  const timers = new Set();
  globalThis.setInterval = (run, ...rest) => {
    const timer = setInterval(
      () => {
        ticks += 1;
        run();
      },
      ...rest,
    );
    timers.add(timer);
    left.timers = timers.size;
    return timer;
  };
  globalThis.clearInterval = timer => {
    timers.delete(timer);
    left.timers = timers.size;
    clearInterval(timer);
  };
};

/** Has the request that `holdRequest` holds succeed. */
const goOn = async page => {
  await page.tell('setAutomaticPresenceSimulation', { enabled: true });
  await page.evaluate(() => letGo());
};

test('nothing is left of it when the call has settled', async t => {
  for (const end of ['Escape', 'Cancel', 'timeout', 'success', 'given up']) {
    const page = await openPage(t, promptPage(), { prepare: count });
    if (end === 'success') await page.evaluate(() => holdRequest());
    const before = await page.evaluate(() => ({ ...left }));
    // A time that is so short may be over before anybody looks.
    if (end === 'timeout') await page.evaluate(() => start({ timeout: 300 }));
    else await call(page);
    if (end === 'Escape') await page.press('Escape');
    if (end === 'Cancel') await page.click(await page.evaluate(() => seen('#n')));
    if (end === 'success') await goOn(page);
    if (end === 'given up') await page.evaluate(() => (document.documentElement.style.display = 'none'));
    const expected = { timeout: 'timeout', success: 'succeeded' }[end] || 'cancelled';
    assert.equal(await until(page, () => globalThis.ended), expected, end);
    assert.deepEqual(await page.evaluate(() => left), before, end);
    assert.deepEqual(page.pageErrors, [], end);
  }
});

test('a call that is given up answers once', async t => {
  const page = await openPage(t, promptPage());
  const recorded = page.record('startSoterAuthentication', { challenge: 'c' });
  await until(page, () => seen());
  await page.evaluate(() => (document.documentElement.style.display = 'none'));
  const { events, result } = await recorded;
  assert.deepEqual(events, ['returned a promise', 'fail', 'complete', 'rejected']);
  assert.deepEqual([result.errCode, result.reason, result.errMsg], [90008, 'cancelled', 'startSoterAuthentication:fail cancel']);
  assert.deepEqual(page.pageErrors, []);
});

test('a prompt that comes back does not end a call that goes on', async t => {
  const page = await openPage(t, promptPage());
  await page.evaluate(() => holdRequest());
  await call(page);
  await page.evaluate(() => document.querySelector('wx-soter-prompt').remove());
  await until(page, () => seen());
  await goOn(page);
  assert.equal(await until(page, () => globalThis.ended), 'succeeded');
  assert.equal(await page.evaluate(() => document.querySelectorAll('wx-soter-prompt').length), 0);
});

test('it comes in front of an element that fills the screen', async t => {
  const page = await openPage(
    t,
    promptPage({ body: '<button id="go" onclick="start()">Go</button><div id="video">Video</div>' }),
  );
  await call(page);
  await page.evaluate(() => {
    // Which of both lies above no script can see. It is what was shown last.
    new MutationObserver(() => (window.again = !!document.fullscreenElement)).observe(document.documentElement, {
      childList: true,
    });
    document.getElementById('video').requestFullscreen();
  });
  await until(page, () => window.again && !!seen());
  await page.press('Escape');
  assert.equal(await until(page, () => globalThis.ended), 'cancelled');
});

test('where nothing at all can be seen, the system asks all the same', async t => {
  const inner = promptPage();
  for (const style of ['display: none', 'width: 0; height: 0; border: 0', 'visibility: hidden']) {
    const body = `<iframe src="${inner}" style="${style}"></iframe>`;
    const page = await openPage(t, promptPage({ body }), { prepare: count });
    await until(page, () => !!frames[0]?.start);
    await page.evaluate(() => {
      frames[0].holdRequest();
      frames[0].start();
    });
    // More often than it would take to give up.
    await until(page, () => frames[0].ticks > 8);
    assert.equal(await page.evaluate(() => frames[0].ended), undefined, style);
    await page.tell('setAutomaticPresenceSimulation', { enabled: true });
    await page.evaluate(() => frames[0].letGo());
    assert.equal(await until(page, () => frames[0].ended), 'succeeded', style);
  }
});

test('a Continue button that nobody can see is not waited for', async t => {
  const body = `<iframe src="${promptPage()}" style="display: none"></iframe>`;
  const page = await openPage(t, promptPage({ body }));
  await until(page, () => !!frames[0]?.start);
  await page.evaluate(() => {
    frames[0].loseClick();
    frames[0].start();
  });
  assert.equal(await until(page, () => frames[0].ended), 'not-allowed');
});

test('a page that breaks what is looked with does not lose the prompt', async t => {
  const breaks = () => {
    document.elementFromPoint =
      Element.prototype.matches =
      Element.prototype.getClientRects =
        () => {
          throw new Error('broken');
        };
  };
  const page = await openPage(t, promptPage(), { prepare: count });
  await page.evaluate(breaks);
  await page.evaluate(() => start());
  await until(page, () => ticks > 8);
  assert.equal(await page.evaluate(() => globalThis.ended), undefined);
  await page.press('Escape');
  assert.equal(await until(page, () => globalThis.ended), 'cancelled');
  assert.deepEqual(page.pageErrors, []);
});

test('a page without timers gets its answer, and no prompt is left', async t => {
  const page = await openPage(t, promptPage());
  await page.evaluate(() => {
    globalThis.setInterval = () => {
      throw new Error('broken');
    };
    start();
  });
  assert.equal(await until(page, () => globalThis.ended), 'internal');
  assert.equal(await page.evaluate(() => document.querySelectorAll('wx-soter-prompt').length), 0);
});

test('where no shadow tree can be made there is no prompt, and the call goes on', async t => {
  const page = await openPage(t, promptPage());
  await page.tell('setAutomaticPresenceSimulation', { enabled: true });
  for (const attachShadow of ['() => { throw new Error("no") }', 'undefined']) {
    await page.evaluate(code => (Element.prototype.attachShadow = new Function(`return ${code}`)()), attachShadow);
    await page.evaluate(() => start());
    assert.equal(await until(page, () => globalThis.ended), 'succeeded', attachShadow);
  }
});
