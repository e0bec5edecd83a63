// How the default dialog looks and which language it speaks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './chromium-full.mjs';
import { addPage } from './site.mjs';

/** The dialog, while an authenticator waits. */
const show = async (t, { settings = {}, authContent = 'Pay 12.00', site = {}, ...options } = {}) => {
  const opened = await open(t, addPage(site), { authenticator: { automaticPresenceSimulation: false }, ...options });
  await opened.page.evaluate(
    ([settings, authContent]) => void settle(WxSoter.createWx(settings).startSoterAuthentication({ authContent })),
    [settings, authContent],
  );
  const dialog = opened.page.getByRole('dialog');
  await dialog.waitFor();
  return { ...opened, dialog };
};

const SPOKEN = {
  en: ['en', 'Verify it’s you', 'Cancel'],
  simplified: ['zh-Hans', '请验证身份', '取消'],
  traditional: ['zh-Hant', '請驗證身分', '取消'],
};

for (const [name, options, [lang, title, cancel]] of [
  ['the setting zh-CN', { settings: { lang: 'zh-CN' } }, SPOKEN.simplified],
  ['the setting zh_TW', { settings: { lang: 'zh_TW' } }, SPOKEN.traditional],
  ['the setting en in a Chinese page', { settings: { lang: 'en' }, site: { lang: 'zh-CN' } }, SPOKEN.en],
  ['a page in zh-Hans-HK', { site: { lang: 'zh-Hans-HK' } }, SPOKEN.simplified],
  ['a page in zh-HK', { site: { lang: 'zh-HK' } }, SPOKEN.traditional],
  ['a page in French, in a Chinese browser', { site: { lang: 'fr' }, locale: 'zh-CN' }, SPOKEN.en],
  ['a page that tells nothing, in a browser in zh-TW', { site: { lang: '' }, locale: 'zh-TW' }, SPOKEN.traditional],
]) {
  test(`language: ${name}`, async t => {
    const { dialog } = await show(t, options);
    assert.equal(await dialog.getAttribute('lang'), lang);
    assert.equal(await dialog.getByRole('heading').innerText(), title);
    assert.equal(await dialog.getByRole('button').innerText(), cancel);
  });
}

/** The colours of each text and what is behind it, and their contrast by WCAG 2. */
const colours = dialog =>
  dialog.evaluate(dialog => {
    const parse = colour => colour.match(/[\d.]+/g).map(Number);
    const luminance = colour => {
      const [r, g, b] = parse(colour).map(value =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = element => {
      const { backgroundColor } = getComputedStyle(element);
      return parse(backgroundColor)[3] === 0 ? behind(element.parentElement) : backgroundColor;
    };
    dialog.querySelector('#g').hidden = false;
    return [...dialog.querySelectorAll('h2, p, button')].map(element => {
      const pair = [getComputedStyle(element).color, behind(element)];
      const [dark, light] = pair.map(luminance).sort((a, b) => a - b);
      return { id: element.id, pair, contrast: (light + 0.05) / (dark + 0.05) };
    });
  });

test('light and dark differ, and both can be read', async t => {
  const [light, dark] = await Promise.all(
    ['light', 'dark'].map(async colorScheme => colours((await show(t, { colorScheme })).dialog)),
  );
  assert.deepEqual(
    light.map(({ id }) => id),
    ['t', 'c', 'h', 'g', 'n'],
  );
  for (const { id, pair, contrast } of [...light, ...dark]) assert.ok(contrast >= 4.5, `${id}: ${pair}: ${contrast.toFixed(2)}`);
  light.forEach(({ id, pair }, at) => assert.notDeepEqual(pair, dark[at].pair, id));
});

test('it moves only where motion is welcome', async t => {
  for (const [reducedMotion, name] of [
    ['no-preference', 'rise'],
    ['reduce', 'none'],
  ]) {
    const { dialog } = await show(t, { reducedMotion });
    assert.equal(await dialog.evaluate(dialog => getComputedStyle(dialog).animationName), name);
  }
});

test('it fits a narrow phone, with the longest content in one word', async t => {
  for (const authContent of ['W'.repeat(42), '汉'.repeat(42)]) {
    const { page, dialog } = await show(t, { authContent, viewport: { width: 320, height: 568 }, reducedMotion: 'reduce' });
    const { x, y, width, height } = await dialog.boundingBox();
    assert.ok(x >= 0 && x + width <= 320 && y >= 0 && y + height <= 568, JSON.stringify({ x, y, width, height }));
    assert.equal(await dialog.evaluate(dialog => dialog.scrollWidth <= dialog.clientWidth), true);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
    for (const button of await dialog.getByRole('button').all()) assert.ok((await button.boundingBox()).height >= 44);
  }
});

test("the page's own styles do not reach it", async t => {
  const looks = async head => {
    const { dialog } = await show(t, { site: head && { head }, reducedMotion: 'reduce' });
    return dialog.evaluate(dialog =>
      [dialog, ...dialog.querySelectorAll('*')].map(element => {
        const { color, fontFamily, fontSize, letterSpacing, textTransform, visibility, lineHeight, opacity, direction } =
          getComputedStyle(element);
        return { color, fontFamily, fontSize, letterSpacing, textTransform, visibility, lineHeight, opacity, direction };
      }),
    );
  };
  const hostile = `<script src="/pkg/dist/wx-soter.global.js"></script><style>
    html { font-size: 100px; direction: rtl }
    * { color: red; font: 30px monospace; letter-spacing: 9px; text-transform: uppercase; line-height: 3; visibility: hidden; opacity: 0.3 }
    p, h2, button, dialog { margin: 50px; padding: 50px }
  </style>`;
  assert.deepEqual(await looks(hostile), await looks());
});

test('it lies above everything of the page, in the middle', async t => {
  const head =
    '<script src="/pkg/dist/wx-soter.global.js"></script><style>div { position: fixed; inset: 0; z-index: 2147483647; background: #eee }</style>';
  const { page, dialog } = await show(t, {
    site: { head, body: '<div></div>' },
    viewport: { width: 800, height: 600 },
    reducedMotion: 'reduce',
  });
  const { x, y, width, height } = await dialog.boundingBox();
  assert.ok(Math.abs(x + width / 2 - 400) < 2 && Math.abs(y + height / 2 - 300) < 2);
  const top = await page.evaluate(([x, y]) => document.elementFromPoint(x, y).localName, [x + width / 2, y + height / 2]);
  assert.equal(top, 'wx-soter-prompt');
});

test('it takes no place in the layout of the page', async t => {
  const head = '<script src="/pkg/dist/wx-soter.global.js"></script><style>html, body { display: grid; gap: 50px }</style>';
  const { page } = await open(t, addPage({ head, body: '<p>Text</p>' }), {
    authenticator: { automaticPresenceSimulation: false },
  });
  const height = () => page.evaluate(() => document.documentElement.getBoundingClientRect().height);
  const before = await height();
  await page.evaluate(() => void settle(wx.startSoterAuthentication()));
  await page.getByRole('dialog').waitFor();
  assert.equal(await height(), before);
});
