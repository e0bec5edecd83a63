// Chromium for the tests of the prompt: its authenticator waits, and keys and mouse are real.
import { open } from './chromium-full.mjs';

const source = (run, values) => `(${run})(...${JSON.stringify(values)})`;

/** Opens a page. */
export const openPage = async (t, url, options) => {
  const opened = await open(t, url, {
    authenticator: { automaticPresenceSimulation: false },
    reducedMotion: 'reduce',
    ...options,
  });
  const { page } = opened;
  return {
    ...opened,
    evaluate: (run, ...values) => page.evaluate(source(run, values)),
    /** Whether a key that is down goes down again. */
    repeats: true,
    press: key => page.keyboard.press(key),
    keyDown: key => page.keyboard.down(key),
    keyUp: key => page.keyboard.up(key),
    click: ([x, y]) => page.mouse.click(x, y),
    mouseDown: async ([x, y]) => {
      await page.mouse.move(x, y);
      await page.mouse.down();
    },
    mouseUp: async ([x, y]) => {
      await page.mouse.move(x, y);
      await page.mouse.up();
    },
  };
};
