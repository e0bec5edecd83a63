/**
 * Makes one call, by callbacks or for a promise, and tells `report` of everything that comes back, in its order. Resolves
 * with how the call ended.
 */
export function makeCall(wx, name, options, answersBy, report) {
  const start = performance.now();
  const tell = (kind, answer) => report({ kind, answer, ms: performance.now() - start });

  return new Promise(resolve => {
    const end = (ok, answer) => resolve({ name, options, ok, answer, ms: performance.now() - start });

    if (answersBy === 'promise') {
      const promise = wx[name](options);
      tell('returned');
      promise.then(
        answer => {
          tell('resolved', answer);
          end(true, answer);
        },
        error => {
          tell('rejected', error);
          end(false, error);
        },
      );
      return;
    }

    let ok = false;
    wx[name]({
      ...options,
      success(answer) {
        ok = true;
        tell('success', answer);
      },
      fail(answer) {
        tell('fail', answer);
      },
      complete(answer) {
        tell('complete', answer);
        end(ok, answer);
      },
    });
    tell('returned');
  });
}
