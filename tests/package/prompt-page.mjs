// A page with a button that calls, and what people see of the prompt there; the same in each browser.
import { addPage, addScript, tag } from './site.mjs';

/** What the page's own scripts, and the tests, ask and do. */
const helpers = () => {
  const host = () => document.querySelector('wx-soter-prompt');
  /** Calls; `ended` then becomes the reason of the end. */
  globalThis.start = settings => {
    globalThis.started = (globalThis.started || 0) + 1;
    globalThis.ended = undefined;
    WxSoter.createWx(settings)
      .startSoterAuthentication({ challenge: 'c', authContent: 'Pay 12.00' })
      .then(
        () => (globalThis.ended = 'succeeded'),
        ({ reason }) => (globalThis.ended = reason),
      );
  };
  /** Where people see the modal dialog, or one of its parts: its middle; nothing where something else is there. */
  globalThis.seen = (selector = 'dialog') => {
    const part = host()?.shadowRoot.querySelector(selector);
    if (!part?.closest('dialog').matches(':modal')) return undefined;
    const { left, top, width, height } = part.getBoundingClientRect();
    const middle = [left + width / 2, top + height / 2];
    return width > 0 && document.elementFromPoint(...middle) === host() ? middle.map(Math.round) : undefined;
  };
  /** What has the focus: the text of a part of the prompt, or the id of an element of the page. */
  globalThis.focused = () => {
    const { activeElement } = document;
    if (activeElement && activeElement === host()) return host().shadowRoot.activeElement.textContent;
    return activeElement && (activeElement.id || activeElement.localName);
  };
  /** Has the first request fail as one whose click got lost, which the prompt has a button for. */
  globalThis.loseClick = () => {
    const { credentials } = navigator;
    const create = credentials.create.bind(credentials);
    globalThis.asked = 0;
    credentials.create = options => {
      asked += 1;
      if (asked > 1) return create(options);
      return Promise.reject(new DOMException('A user activation is required to create a credential.', 'NotAllowedError'));
    };
  };
  /** Has the next request wait until `letGo()`. */
  globalThis.holdRequest = () => {
    const { credentials } = navigator;
    const create = credentials.create.bind(credentials);
    const free = new Promise(resolve => (globalThis.letGo = resolve));
    credentials.create = options => free.then(() => create(options));
  };
};

const helpersScript = addScript(`(${helpers})()`);

/** Puts such a page on the site, and returns its address. */
export const promptPage = ({ head = '', body = '<button id="go" onclick="start()">Go</button>' } = {}) =>
  addPage({ head: `${tag()}<script src="${helpersScript}"></script>${head}`, body });

/** Waits until an answer is true; resolves with it. */
export const eventually = async (ask, what = String(ask)) => {
  const patience = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > patience) throw new Error(`not within 20 s: ${what}`);
    await new Promise(later => setTimeout(later, 30));
  }
};

/** Waits until something is true in the page; resolves with it. */
export const until = (page, condition, ...values) =>
  eventually(() => page.evaluate(condition, ...values), `${condition} ${JSON.stringify(values)}`);

/** Presses the page's button, by the keyboard, and waits until the prompt can be seen. */
export const call = async (page, button = 'go') => {
  await page.evaluate(button => document.getElementById(button).focus(), button);
  await page.press('Enter');
  return until(page, () => seen());
};
