// Firefox with a virtual authenticator, for one test file: the same as `chromium.mjs`. By WebDriver BiDi, since older
// commands run in a sandbox beside the page and before none of its scripts; the authenticator by the older ones.
import { after } from 'node:test';
import Bidi from 'selenium-webdriver/bidi/index.js';
import { startFirefox, willing } from '../../xtask/js/firefox.mjs';
import { watch } from './watch.mjs';

const driver = await startFirefox({ bidi: true });
after(() => driver.quit());
const bidi = new Bidi((await driver.getCapabilities()).get('webSocketUrl'));
await bidi.waitForConnection();
after(() => bidi.close());

const send = async (method, params) => {
  const answer = await bidi.send({ method, params });
  if (answer.type === 'error' || answer.error) throw new Error(`${method}: ${answer.error} ${answer.message}`);
  return answer.result;
};

/** Has navigator.credentials wait for a person, as Chromium's authenticator can and Firefox's cannot. */
const withoutPresence = () => {
  // The page is about:blank first.
  if (!globalThis.CredentialsContainer) return;
  const waiting = new Set();
  let isPresent = false;
  const { prototype } = CredentialsContainer;
  for (const name of ['create', 'get']) {
    const real = prototype[name];
    prototype[name] = async function (options) {
      const { signal } = options;
      await new Promise((resolve, reject) => {
        if (isPresent) return resolve();
        waiting.add(resolve);
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
      return real.call(this, options);
    };
  }
  globalThis.setPresence = enabled => {
    isPresent = enabled;
    if (!enabled) return;
    waiting.forEach(go => go());
    waiting.clear();
  };
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

const KEYS = { Enter: '\uE007', Escape: '\uE00C', Tab: '\uE004', Space: ' ' };

/** What the console and the pages said, by page. */
const said = new Map();
bidi.socket.on('message', data => {
  const { method, params } = JSON.parse(data);
  if (method !== 'log.entryAdded' || !['error', 'warn'].includes(params.level)) return;
  // It looks for one by itself.
  if (/favicon\.ico/.test(params.text)) return;
  said.get(params.source.context)?.push(params.text);
});
await send('session.subscribe', { events: ['log.entryAdded'] });

/** The browser's authenticators are for all of its pages, so there is one at a time. */
let hasAuthenticator = false;

/** Opens a page in a profile of its own, which ends with the test. */
export const open = async (test, url, { authenticator = {}, prepare, ...options } = {}) => {
  if (Object.keys(options).length) throw new Error(`there is no ${Object.keys(options)} here`);
  const { userContext } = await send('browser.createUserContext', {});
  const { context } = await send('browsingContext.create', { type: 'tab', userContext });
  test.after(() => send('browser.removeUserContext', { userContext }));
  const pageErrors = [];
  said.set(context, pageErrors);
  if (hasAuthenticator) await driver.removeVirtualAuthenticator();
  hasAuthenticator = !!authenticator;
  if (authenticator) await driver.addVirtualAuthenticator(willing());
  const isLazy = authenticator?.automaticPresenceSimulation === false;
  for (const run of [watch, withoutPresence, prepare]) {
    if (!run) continue;
    const code = run === withoutPresence ? `${source(run, [])}; globalThis.setPresence?.(${!isLazy})` : source(run, []);
    await send('script.addPreloadScript', { functionDeclaration: `() => { ${code} }`, contexts: [context] });
  }
  await send('browsingContext.navigate', { context, url, wait: 'complete' });

  const evaluate = async (run, ...values) => {
    const functionDeclaration = `async () => {
      const { stringify } = JSON
      const value = await ${source(run, values)}
      return stringify({ value }, (_, value) => (value === undefined ? { isUndefined: true } : value))
    }`;
    const { result, exceptionDetails } = await send('script.callFunction', {
      functionDeclaration,
      awaitPromise: true,
      target: { context },
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return revive(JSON.parse(result.value).value);
  };
  const page = {
    evaluate,
    reload: () => send('browsingContext.reload', { context, wait: 'complete' }),
    keyboard: {
      press: key => {
        const actions = ['keyDown', 'keyUp'].map(type => ({ type, value: KEYS[key] || key }));
        return send('input.performActions', { context, actions: [{ type: 'key', id: 'keyboard', actions }] });
      },
    },
    waitForFunction: async run => {
      const end = Date.now() + 60_000;
      while (!(await evaluate(`async () => !!(await (${run})())`))) {
        if (Date.now() > end) throw new Error(`not within a minute: ${run}`);
        await new Promise(later => setTimeout(later, 20));
      }
    },
  };
  const commands = {
    getCredentials: async () => {
      const credentials = await driver.getCredentials();
      // Gecko keeps a junk entry of its own making beside the real ones.
      const isReal = each => each.rpId() === new URL(url).hostname;
      return {
        credentials: credentials.filter(isReal).map(each => ({ isResidentCredential: each.isResidentCredential() })),
      };
    },
    setAutomaticPresenceSimulation: ({ enabled }) => evaluate(enabled => setPresence(enabled), enabled),
  };
  return {
    page,
    pageErrors,
    evaluate,
    tell: (command, values) => commands[command](values),
    settle: (api, options) => evaluate((api, options) => settle(wx[api](options)), api, options),
    record: (api, options) => evaluate((api, options) => record(wx, api, options), api, options),
    begin: async options => {
      await evaluate(options => void (globalThis.begun = settle(wx.startSoterAuthentication(options))), options);
      return { outcome: () => evaluate(() => begun) };
    },
    violations: () => evaluate(() => violations),
  };
};
