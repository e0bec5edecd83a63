import { createWx, forgetKey } from 'wx-soter'

export const confirmer = (accountId, post) => {
  const settings = { user: { id: accountId }, onKeyCreated: (registration) => post('/soter/key', registration) }
  const wx = createWx(settings)
  // For a click. It resolves with whether the order is confirmed; if not, let the person click once more.
  return async (order) => {
    const { challenge } = await post('/soter/challenge', { account: accountId, order })
    const { resultJSON, resultJSONSignature } = await wx.startSoterAuthentication({ challenge })
    try {
      await post('/soter/verify', { resultJSON, resultJSONSignature })
      return true
    } catch (error) {
      if (error.reason !== 'credential-unknown') throw error
      await forgetKey(settings) // the server has not got this key: the next click makes another
      return false
    }
  }
}
