// The same in Firefox, where a script waits in the authenticator's place: the virtual one always answers at once.
import { Key, Origin } from 'selenium-webdriver';
import { driver, open } from '../server/firefox.mjs';

const wait = () => {
  navigator.credentials.create = ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
};

const KEYS = { Tab: Key.TAB, Enter: Key.ENTER, Escape: Key.ESCAPE, Space: Key.SPACE };
const actions = () => driver.actions({ async: true });
const point = ([x, y]) => ({ x, y, origin: Origin.VIEWPORT, duration: 0 });

/** Opens a page. */
export const openPage = async (t, url) => {
  const { evaluate } = await open(t, url);
  await evaluate(wait);
  return {
    evaluate,
    press(keys) {
      const [key, shift] = keys.split('+').reverse();
      const held = shift ? actions().keyDown(Key.SHIFT) : actions();
      const pressed = held.keyDown(KEYS[key]).keyUp(KEYS[key]);
      return (shift ? pressed.keyUp(Key.SHIFT) : pressed).perform();
    },
    keyDown: key => actions().keyDown(KEYS[key]).perform(),
    keyUp: key => actions().keyUp(KEYS[key]).perform(),
    click: at => actions().move(point(at)).press().release().perform(),
    mouseDown: at => actions().move(point(at)).press().perform(),
    mouseUp: at => actions().move(point(at)).release().perform(),
  };
};
