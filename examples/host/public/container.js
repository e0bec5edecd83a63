/**
 * The part of dimina's web container that this is about: the mini program's logic runs in a worker, calls are messages, and
 * callbacks are ids that the worker makes functions of.
 */
export const createContainer = (program) => {
  const apis = {}
  const worker = new Worker(program)
  const miniApp = {
    createCallbackFunction: (id) =>
      id && ((args) => worker.postMessage({ type: 'triggerCallback', body: { id, args } }))
  }
  const listeners = []
  worker.onmessage = ({ data: { type, body } }) => {
    if (type === 'invokeAPI') apis[body.name]?.call(miniApp, body.params)
    else for (const listener of listeners) listener(type, body)
  }
  return {
    registerApi: (name, handler) => void (apis[name] = handler),
    /** Tells the mini program of an event. */
    send: (type, body) => worker.postMessage({ type, body }),
    /** Gets what the mini program wants shown. */
    listen: (listener) => void listeners.push(listener)
  }
}
