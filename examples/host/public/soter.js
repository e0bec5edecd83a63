const CALLBACKS = ['success', 'fail', 'complete']

/** Gives a host the calls of a `wx`: of `createWx(settings)` in a browser, else of an emulated device. */
export const registerSoter = (host, wx) => {
  const { canIUse, ...calls } = wx
  for (const [name, call] of Object.entries(calls)) {
    host.registerApi(name, function (options) {
      // dimina's handlers get ids in the place of callbacks. The mini program that calls makes functions of them.
      if (!this?.createCallbackFunction) return call(options)
      const callbacks = CALLBACKS.map((each) => [each, this.createCallbackFunction(options?.[each])])
      return call({ ...options, ...Object.fromEntries(callbacks) })
    })
  }
}
