// The logic of a mini program, in a worker without a DOM: its `wx`, and below that the program.
const callbacks = new Map()
let last = 0

const idOf = (callback) => {
  if (typeof callback !== 'function') return undefined
  callbacks.set(`callback-${(last += 1)}`, callback)
  return `callback-${last}`
}

const invoke =
  (name) =>
  ({ success, fail, complete, ...params } = {}) => {
    const ids = { success: idOf(success), fail: idOf(fail), complete: idOf(complete) }
    postMessage({ type: 'invokeAPI', body: { name, params: { ...params, ...ids } } })
  }

const wx = new Proxy({}, { get: (_, name) => invoke(name) })

const show = (text) => postMessage({ type: 'show', body: text })

const pay = () =>
  wx.startSoterAuthentication({
    requestAuthModes: ['fingerPrint', 'facial'],
    challenge: 'from your server',
    authContent: 'Pay 12.00',
    success: ({ resultJSON }) => show(`paid for ${JSON.parse(resultJSON).raw}`),
    fail: ({ errCode, errMsg }) => show(`${errCode} ${errMsg}`)
  })

self.onmessage = ({ data: { type, body } }) => {
  if (type === 'triggerCallback') callbacks.get(body.id)?.(body.args)
  if (type === 'pay') pay()
}
