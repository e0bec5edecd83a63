// Performs what a call wants done, and watches for what ends it meanwhile. Each promise resolves with an event.

import { create, get, isAvailable, verify } from './webauthn.js'
import { get as member, text } from './values.js'

const said = (said) => ({ event: 'said', said })

// A thrown value that is no error is its own message.
const failed = (event, error) => ({
  event,
  name: text(member(error, 'name')),
  message: text(typeof error === 'string' ? error : member(error, 'message')),
})

const answered = (call, answer) => {
  call.answered = answer
  return { ...answer, event: 'answered' }
}

const effects = {
  create: async (call, wish) => answered(call, await create(wish, call.signal)),
  get: async (call, wish) => answered(call, await get(wish, call.signal)),
  verify: (call, wish) => verify(wish, call.answered).then(said, () => said(false)),
  tellPage: async (call, wish) => {
    try {
      if (wish.onKeyCreated) await (0, wish.onKeyCreated)(call.answered.registration)
      return said(true)
    } catch (error) {
      return failed('enrolment-refused', error)
    }
  },
  askForClick: async ({ shown }) => {
    try {
      await shown.askForClick()
      return said(true)
    } catch {
      // There is no button, or it has gone.
      return said(false)
    }
  },
  askAvailability: () => isAvailable().then(said, () => said()),
}

// The deadline; and before a key is made, whether there is an authenticator at all: browsers may let a request without one
// hang. A key that is remembered was made by one, and the question costs a tenth of the whole call.
const watch = (call, effect, wish) => {
  call.timer = setTimeout(call.interrupt, wish.deadline, { event: 'timeout' })
  if (wish.isPlatform && effect === 'create') {
    effects.askAvailability().then(({ said }) => said === false && call.interrupt({ event: 'unavailable' }))
  }
}

/** Performs an effect. The request to the authenticator leaves in this very call, while the click lasts. */
export const perform = (
  call,
  effect,
  onKeyCreated,
  rpId,
  rpName,
  userHandle,
  userName,
  userDisplayName,
  challenge,
  keyId,
  algorithm,
  publicKey,
  signature,
  isPlatform,
  attachment,
  deadline,
  timeout,
) => {
  const wish = {
    onKeyCreated,
    rpId,
    rpName,
    userHandle,
    userName,
    userDisplayName,
    challenge,
    keyId,
    algorithm,
    publicKey,
    signature: signature.slice(),
    isPlatform,
    attachment,
    deadline,
    timeout,
  }
  const started = Date.now()
  const event = effects[effect](call, wish).catch((error) => ({
    ...failed('refused', error),
    elapsed: Date.now() - started,
  }))
  if (!call.timer) watch(call, effect, wish)
  return Promise.race([event, call.interrupted])
}

/** Shows the prompt, a function of the page or of the loader. Returns what it throws, as an event. */
export const show = (call, prompt, authContent, authMode, lang) => {
  const fail = (error) => failed('prompt', error)
  try {
    call.shown = prompt({
      authContent,
      authMode,
      lang: lang || undefined,
      signal: call.signal,
      cancel: () => call.interrupt({ event: 'cancelled' }),
    })
    Promise.resolve(call.shown).catch((error) => call.interrupt(fail(error)))
  } catch (error) {
    return fail(error)
  }
}
