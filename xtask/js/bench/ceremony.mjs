// A whole authentication with a remembered key, beside the browser's bare call and @simplewebauthn/browser.
import { bundleSimpleWebAuthn, wxSoter } from './scripts.mjs'
import { median } from './median.mjs'

/**
 * Measures in rounds that take each way once, so that noise hits all alike. Resolves with the medians in milliseconds
 * and the median ratios of a round's ways to its bare call.
 */
export const measureCeremony = async ({ open }, rounds) => {
  const { page, close } = await open()
  for (const content of [wxSoter, await bundleSimpleWebAuthn()]) await page.addScriptTag({ content })
  const samples = await page.evaluate(inPage, rounds)
  await close()
  const ratios = (way) => median(samples.map((round) => round[way] / round.bare))
  return {
    bare: { ms: median(samples.map(({ bare }) => bare)), ratio: 1 },
    simple: { ms: median(samples.map(({ simple }) => simple)), ratio: ratios('simple') },
    ours: { ms: median(samples.map(({ ours }) => ours)), ratio: ratios('ours') }
  }
}

const inPage = async (rounds) => {
  const challenge = 'a challenge of the length that servers send, 44'
  const wx = WxSoter.createWx({ prompt: 'none' })
  const authenticate = () => wx.startSoterAuthentication({ challenge })

  // The first makes the key; the second shows what is asked of the browser, for the others to ask the same.
  await authenticate()
  const credentials = navigator.credentials
  let asked
  credentials.get = (options) => {
    asked = options
    delete credentials.get
    return credentials.get(options)
  }
  await authenticate()

  const { publicKey } = asked
  const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (digit) => ({ '+': '-', '/': '_' })[digit] ?? '')
  const optionsJSON = {
    ...publicKey,
    challenge: base64url(publicKey.challenge),
    allowCredentials: publicKey.allowCredentials.map((each) => ({ ...each, id: base64url(each.id) }))
  }

  const ways = {
    bare: () => credentials.get({ publicKey, signal: new AbortController().signal }),
    simple: () => SimpleWebAuthn.startAuthentication({ optionsJSON }),
    ours: authenticate
  }
  const names = Object.keys(ways)
  const time = async (way) => {
    // What the one before left behind is not this one's.
    await new Promise((later) => setTimeout(later))
    const started = performance.now()
    await way()
    return performance.now() - started
  }
  const samples = []
  const warmUp = 10
  for (let round = -warmUp; round < rounds; round++) {
    const sample = {}
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + warmUp) % names.length]
      sample[name] = await time(ways[name])
    }
    if (round >= 0) samples.push(sample)
  }
  return samples
}
