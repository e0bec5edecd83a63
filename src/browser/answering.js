// How calls wait, and how they answer: success or fail, then complete, and a promise. This is JavaScript because it has to
// work where the module does not: when WebAssembly is forbidden, and after a panic, when nothing in the module can be
// trusted.

import { attempt, plain, snapshot } from './page.js'

/** Calls that have not answered yet. */
const open = new Set()

/** What a failure carries of a success, empty. */
const NOTHING = {
  startSoterAuthentication: { authMode: '', resultJSON: '', resultJSONSignature: '' },
  checkIsSupportSoterAuthentication: { supportMode: [] },
  checkIsSoterEnrolledInDevice: { isEnrolled: false },
}

/** Reports an error of the page's, which stops nothing. */
export const report = (error) =>
  attempt(() => (typeof reportError === 'function' ? reportError(error) : console.error(error)))

const isFunction = (value) => typeof value === 'function'

const run = (callback, result) => {
  // What is given as a callback and is none makes the call fail, and the others run.
  if (!isFunction(callback)) return
  try {
    callback(result)
  } catch (error) {
    report(error)
  }
}

/** One call of one of the three. */
export class Call {
  /** Reads the callbacks, once. `resume` has the module go on. */
  constructor(api, options, resume) {
    this.api = api
    this.resume = resume
    /** Fires when the call settles: ends the browser's request, and takes the prompt away. */
    this.controller = attempt(() => new AbortController()) || {}
    this.signal = this.controller.signal
    /** Resolves with the event that ends the call early. */
    this.interrupted = new Promise((resolve) => {
      this.interrupt = resolve
    })
    const callback = (name) => {
      // What throws when it is read is not there, and `null` is as good as nothing.
      if (typeof options === 'object') return attempt(() => options[name]) ?? undefined
    }
    const [success, fail, complete] = ['success', 'fail', 'complete'].map(callback)
    this.callbacks = { success, fail, complete }
    /** What the call returns: whoever awaits it goes on after a success alone, callbacks or not. */
    this.returned = new Promise((resolve, reject) => {
      this.deliver = (succeeded, result) => {
        run(succeeded ? success : fail, result)
        run(complete, result)
        if (succeeded) resolve(result)
        else reject(Object.assign(new Error(result.errMsg), result))
      }
    })
    // Who takes callbacks need not look at the promise: its rejection is then no unhandled one.
    if ([success, fail, complete].some(isFunction)) this.returned.catch(() => {})
    open.add(this)
  }

  /** A snapshot of the options, and of the callbacks as they were read. */
  read(options, paths) {
    return snapshot(options, paths) + snapshot(this.callbacks, 'success fail complete')
  }

  /** Whether it has not answered yet. */
  get isOpen() {
    return open.has(this)
  }

  /**
   * What the module waits for: a promise of an event. Once it is there, `event` has a snapshot of it; the module itself
   * never sees a promise. An event that cannot be told is empty, which the module takes for a failure.
   */
  expect(happening, paths) {
    this.event = undefined
    const tell = (event) => {
      this.event = attempt(() => snapshot(event, paths)) || ''
      // A call that has its answer must not wake the instance that replaced its own.
      if (!this.isOpen) return
      try {
        this.resume()
      } catch (error) {
        // The module broke, with nobody else above it to notice.
        abandon(String(error))
      }
    }
    happening.then(tell, (error) => tell({ error }))
  }

  /** Answers with what the module found. What throws here leaves the call open, for `abandon`. */
  answer(succeeded, found) {
    this.settle(succeeded, plain(found))
  }

  /** Settles, the first time; in a later microtask, so never before the call has returned. */
  settle(succeeded, result) {
    if (!open.delete(this)) return
    // First of all, since nothing that is tidied up may stand in its way.
    Promise.resolve().then(() => this.deliver(succeeded, result))
    attempt(() => this.controller.abort())
    attempt(() => clearTimeout(this.timer))
  }

  /** Fails without the module's help, with 90007. */
  fail(words, reason, detail) {
    const errMsg = `${this.api}:fail ${words}`
    this.settle(false, { errMsg, errCode: 90007, reason, ...(detail && { detail }), ...NOTHING[this.api] })
  }

  /** The row `fail internal error` of the error table. */
  failInternally(reason, detail) {
    this.fail('internal error', reason, detail)
  }
}

/** How often all was abandoned. The state of an instance cannot be trusted after that, so the loader starts another. */
export let abandoned = 0

/** Fails all open calls. After a panic nothing else would. */
export const abandon = (detail) => {
  abandoned++
  open.forEach((call) => call.failInternally('internal', detail))
}
