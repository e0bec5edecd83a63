import { accountId, button, say } from './log-in.js'

const post = async (path, body) => {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify({ account: accountId, ...body }) })
  const answer = response.headers.get('content-type')?.includes('json') ? await response.json() : {}
  const message = answer.reason ?? answer.errmsg ?? `${path}: ${response.status}`
  if (!response.ok) throw Object.assign(new Error(message), answer)
  return answer
}
const settings = {
  user: { id: accountId }, // each account has a key of its own on this device
  onKeyCreated: (registration) => post('/soter/register_key', { registration })
}
const wx = WxSoter.createWx(settings)

button.onclick = async () => {
  button.disabled = true
  try {
    const { challenge } = await post('/soter/get_challenge', {})
    const { resultJSON, resultJSONSignature } = await wx.startSoterAuthentication({ challenge })
    await post('/soter/verify_signature', { json_string: resultJSON, json_signature: resultJSONSignature })
    say('confirmed')
  } catch (error) {
    console.warn(error.message, error.reason, error.detail)
    if (error.reason === 'another-account') return say('somebody else has logged in: please load the page anew')
    // 40003 and this reason: the server has not got this key any more. The next click makes another.
    const isKeyUnknown = error.reason === 'credential-unknown' || error.errcode === 40003
    if (isKeyUnknown) await WxSoter.forgetKey(settings)
    say(isKeyUnknown ? 'please confirm once more' : error.message)
  } finally {
    button.disabled = false
  }
}
