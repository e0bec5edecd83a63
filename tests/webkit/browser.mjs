// WebKit with a stand-in for an authenticator, for one test file: the same as `tests/package/chromium.mjs`.
import { runFirst } from '../package/site.mjs';
import { watch } from '../package/watch.mjs';
import { startEngine } from './engine.mjs';
import { standIn } from './stand-in.mjs';

export const engine = await startEngine(process.env.WX_SOTER_TEST_BROWSER);
const { command } = engine;

/** Notes errors and warnings, as the driver does not. */
const notePageErrors = () => {
  const pageErrors = [];
  globalThis.takePageErrors = () => pageErrors.splice(0);
  addEventListener('error', ({ error, message }) => pageErrors.push(String(error || message)));
  addEventListener('unhandledrejection', ({ reason, defaultPrevented }) => defaultPrevented || pageErrors.push(String(reason)));
  for (const level of ['error', 'warn']) {
    const real = console[level];
    console[level] = (...said) => {
      pageErrors.push(said.join(' '));
      real.apply(console, said);
    };
  }
};

/** Has a page begin as the first in its tab: nothing is left of the pages of other tests. */
const beginAnew = visit => {
  if (sessionStorage.getItem('visit') === visit) return;
  localStorage.clear();
  sessionStorage.clear();
  sessionStorage.setItem('visit', visit);
};

const source = (run, values) => `(${run})(...${JSON.stringify(values)})`;

// JSON has no `undefined`; here it is an object that no test has.
const revive = value => {
  if (value?.isUndefined === true) return undefined;
  if (Array.isArray(value)) return value.map(revive);
  return value && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, revive(each)]))
    : value;
};

/** Runs a function in the page, with arguments; resolves as it does. */
const evaluate = async (run, ...values) => {
  const script = `
    const done = arguments[0]
    const { stringify } = JSON
    const write = (members) => stringify(members, (_, value) => (value === undefined ? { isUndefined: true } : value))
    ;(async () => ${source(run, values)})().then((value) => done(write({ value }))).catch((error) => done(write({ error: String(error) + ' ' + (error && error.stack) })))`;
  const { value, error } = JSON.parse(await command('POST', 'execute/async', { script, args: [] }));
  if (error) throw new Error(error);
  return revive(value);
};

/** WebDriver's codes of keys. */
const KEYS = { Enter: '\uE007', Escape: '\uE00C', Shift: '\uE008', Space: ' ', Tab: '\uE004' };

const act = (type, id, actions, more) => command('POST', 'actions', { actions: [{ type, id, actions, ...more }] });
const keys = (...actions) =>
  act(
    'key',
    'keyboard',
    actions.map(([type, key]) => ({ type, value: KEYS[key] || key })),
  );
const mouse = (...actions) => act('pointer', 'mouse', actions, { parameters: { pointerType: 'mouse' } });
const move = ([x, y]) => ({ type: 'pointerMove', x, y, origin: 'viewport', duration: 0 });
const [down, up] = ['pointerDown', 'pointerUp'].map(type => ({ type, button: 0 }));

/** Keys and mouse, as people use them. */
const hands = {
  press: combined => {
    const held = combined.split('+');
    return keys(...held.map(key => ['keyDown', key]), ...held.reverse().map(key => ['keyUp', key]));
  },
  keyDown: key => keys(['keyDown', key]),
  keyUp: key => keys(['keyUp', key]),
  click: at => mouse(move(at), down, up),
  mouseDown: at => mouse(move(at), down),
  mouseUp: at => mouse(move(at), up),
};

let visits = 0;

/** Opens a page in a profile of its own, as it seems to the page. */
export const open = async (_test, url, { authenticator = {}, prepare, ...options } = {}) => {
  if (Object.keys(options).length) throw new Error(`there is no ${Object.keys(options)} here`);
  visits += 1;
  const first = [[beginAnew, `${process.pid} ${visits}`], [notePageErrors], [watch], [standIn, authenticator]].map(
    ([run, ...values]) => source(run, values),
  );
  if (prepare) first.push(source(prepare, []));
  runFirst(url, first.join('\n;'));
  await command('POST', 'url', { url });

  const pageErrors = [];
  const ask = async (run, ...values) => {
    const answer = await evaluate(run, ...values);
    pageErrors.push(...(await evaluate(() => globalThis.takePageErrors?.() || [])));
    return answer;
  };
  await ask(() => {});
  const page = {
    evaluate: ask,
    keyboard: hands,
    reload: () => command('POST', 'refresh', {}),
    waitForFunction: async run => {
      const end = Date.now() + 60_000;
      while (!(await ask(`() => !!(${run})()`))) {
        if (Date.now() > end) throw new Error(`not within a minute: ${run}`);
        await new Promise(later => setTimeout(later, 20));
      }
    },
  };
  return {
    page,
    pageErrors,
    evaluate: ask,
    ...hands,
    /** A picture of what is seen, as PNG. */
    screenshot: async () => Buffer.from(await command('GET', 'screenshot'), 'base64'),
    tell: (command, values) => ask((command, values) => standIn[command](values), command, values),
    settle: (api, options) => ask((api, options) => settle(wx[api](options)), api, options),
    record: (api, options) => ask((api, options) => record(wx, api, options), api, options),
    begin: async options => {
      await ask(options => void (globalThis.begun = settle(wx.startSoterAuthentication(options))), options);
      return { outcome: () => ask(() => begun) };
    },
    violations: () => ask(() => violations),
  };
};
