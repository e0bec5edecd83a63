// What a page does to ask for a key that is there or gone, behind a key manager that says anything. `play` runs in the page.

/** What key managers answer instead of what was asked for; `silence` is no answer at all. */
export const ANSWERS = [
  ['NotAllowedError', ''],
  ['NotAllowedError', 'The operation either timed out or was not allowed.'],
  ['NotReadableError', 'An unknown error occurred while talking to the credential manager.'],
  ['UnknownError', ''],
  ['InvalidStateError', ''],
  ['NotFoundError', ''],
  ['DataError', ''],
  ['ConstraintError', ''],
  ['AbortError', ''],
  ['TypeError', ''],
  ['null', ''],
  ['silence', ''],
];

/**
 * Enrols, and starts again until a start succeeds, at most `limit` times. The first two requests to sign get `ofGet`; where the
 * key `isGone`, so do all others for it. A request for a key that excludes one gets `ofProbe`, where there is one.
 *
 * @returns {Promise<{ starts: string[], made: string[], signed: string }>} what each start came to, the keys that were made,
 *   and the one that signed in the end
 */
export const play = async (isGone, ofGet, ofProbe, limit) => {
  const { credentials } = navigator;
  const real = {
    create: credentials.create.bind(credentials),
    get: credentials.get.bind(credentials),
    setTimeout: window.setTimeout.bind(window),
  };
  const TIMEOUT = 54_321;
  let deadline;
  window.setTimeout = (run, ms, ...values) => {
    if (ms !== TIMEOUT) return real.setTimeout(run, ms, ...values);
    deadline = () => run(...values);
    return 0;
  };
  const say = ([name, message]) => {
    if (name === 'silence') {
      // The deadline comes when it would: long after that.
      real.setTimeout(() => deadline(), 0);
      return new Promise(() => {});
    }
    if (name === 'null') return Promise.resolve(null);
    return Promise.reject(name === 'TypeError' ? new TypeError(message) : new DOMException(message, name));
  };
  const base64url = data =>
    btoa(String.fromCharCode(...new Uint8Array(data)))
      .replace(/\+/g, '-')
      .replace(/\//g, '_')
      .replace(/=/g, '');

  const made = [];
  const user = { id: crypto.randomUUID() };
  const { startSoterAuthentication } = WxSoter.createWx({
    user,
    prompt: 'none',
    timeout: TIMEOUT,
    onKeyCreated: ({ id }) => void made.push(id),
  });
  const starts = [];
  let cancels = 2;
  try {
    await startSoterAuthentication({ challenge: 'enrol' });
    credentials.get = options => {
      const isFirst = base64url(options.publicKey.allowCredentials[0].id) === made[0];
      if (cancels > 0) {
        cancels -= 1;
        return say(ofGet);
      }
      return isGone && isFirst ? say(ofGet) : real.get(options);
    };
    credentials.create = options => {
      if (!options.publicKey.excludeCredentials.length) return real.create(options);
      if (ofProbe) return say(ofProbe);
      if (!isGone) return real.create(options);
      // The authenticator of the test has it still.
      return real.create({ ...options, publicKey: { ...options.publicKey, excludeCredentials: [] } });
    };
    while (starts.length < limit && starts.at(-1) !== 'success') {
      try {
        const result = await startSoterAuthentication({ challenge: 'again' });
        starts.push('success');
        return { starts, made, signed: JSON.parse(result.resultJSON).cpu_id };
      } catch (error) {
        starts.push(error.reason);
      }
    }
    return { starts, made, signed: '' };
  } finally {
    delete credentials.create;
    delete credentials.get;
    window.setTimeout = real.setTimeout;
  }
};
