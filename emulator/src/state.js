// The state of one device, which is `settings.device`, and the person who stands before it. What any of it means is decided
// in Rust. Timers and the clock are looked up when they are used, so that those of a test, which stand still, count.

/** Whether the device is this call's now. A call that has settled holds it no longer, however it ended. */
export const takeTurn = ({ device }, call) => {
  if (device.open?.isOpen) return false
  device.open = call
  return true
}

export const endTurn = ({ device }, call) => {
  if (device.open === call) device.open = undefined
}

/** The number of the next draw. */
export const draw = ({ device }) => device.draws++

/** Notes how often in a row the person did not match, and locks the device for so many milliseconds. */
export const note = ({ device }, mismatches, lock) => {
  device.mismatches = mismatches
  if (lock) device.lockedUntil = Date.now() + lock
}

export const isLocked = ({ device }) => Date.now() < device.lockedUntil

const internal = (error) => ({ event: 'internal', error: Object(error) === error ? error : { message: String(error) } })

// Until then, or until nobody waits any more.
const wait = (ms, signal) =>
  ms &&
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => clearTimeout(timer))
  })

// Which deeds there are is for Rust to know; what is none comes back as it is, in the failure's detail.
const answer = async ({ user, delay }, signal, shown) => {
  try {
    const deed = await (typeof user === 'function' ? user(shown) : user)
    if (deed === 'ignore') return await new Promise(() => {})
    await wait(delay, signal)
    return { ...internal(`the emulator's user answered ${typeof deed === 'string' ? `'${deed}'` : typeof deed}`), deed }
  } catch (error) {
    return internal(error)
  }
}

// What ends a call meanwhile: its deadline, its prompt.
const race = (call, event, paths) => call.expect(Promise.race([event, call.interrupted]), paths)

/** Asks the person; the first time in a call its time begins to run. The call is told of an event, or a deed. */
export const ask = (call, { device }, authContent, authMode, attempt, deadline, paths) => {
  if (!call.timer) call.timer = setTimeout(call.interrupt, deadline, { event: 'timeout' })
  race(call, answer(device, call.signal, { authContent, authMode, attempt }), paths)
}

/** Shows the page a new key. The call is told of an event. */
export const tellPage = (call, { onKeyCreated }, registration, uid, paths) => {
  const told = async () => {
    try {
      if (onKeyCreated) await onKeyCreated(JSON.parse(registration), { uid })
      return { event: 'said', said: true }
    } catch (error) {
      return { ...internal(error), event: 'enrolment-refused' }
    }
  }
  race(call, told(), paths)
}
