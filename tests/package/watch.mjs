// What the tests have in each page.

/** What every page gets: the functions behind `settle` and `record`, and an eye on its Content-Security-Policy. */
export const watch = () => {
  globalThis.violations = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    // WebKit looks for one by itself.
    if (!blockedURI.endsWith('/favicon.ico')) violations.push(`${effectiveDirective} ${blockedURI}`);
  });
  // The page's own may be broken by a test.
  const { setTimeout } = globalThis;
  const soon = answer =>
    Promise.race([answer, new Promise((_, reject) => setTimeout(() => reject(new Error('no answer in 20 s')), 20_000))]);
  const settled = promise =>
    promise.then(
      result => ({ succeeded: true, result }),
      error => ({ succeeded: false, isError: error instanceof Error, message: error.message, result: { ...error } }),
    );
  globalThis.settle = promise => soon(settled(promise));
  globalThis.record = (wx, api, options) => soon(recorded(wx, api, options));
  const recorded = async (wx, api, options) => {
    const events = [];
    const results = [];
    const note = name => result => {
      events.push(name);
      results.push(result);
    };
    const returned = wx[api]({ ...options, success: note('success'), fail: note('fail'), complete: note('complete') });
    events.push(returned instanceof Promise ? 'returned a promise' : `returned ${returned}`);
    const { succeeded, result } = await settled(Promise.resolve(returned));
    events.push(succeeded ? 'resolved' : 'rejected');
    // Whatever else comes would come soon.
    await new Promise(resolve => setTimeout(resolve, 20));
    const [first, second] = results;
    const promised = succeeded ? result === first : JSON.stringify(result) === JSON.stringify(first);
    return { events, same: first === second && promised, result: first };
  };
};
