// Keys in localStorage, or in the page's own storage, or in memory where that is denied.

/** What no storage took. */
const memory = new Map()

/** The record of that name; undefined where there is none that can be read. */
export const load = (storage, name) => {
  try {
    // Reading localStorage throws where cookies are blocked, in sandboxed frames and in file: pages.
    return JSON.parse(memory.get(name) || (storage || localStorage).getItem(name))
  } catch {}
}

/** Remembers the record, at least as long as the page lives. */
export const save = (storage, name, json) => {
  memory.delete(name)
  try {
    ;(storage || localStorage).setItem(name, json)
  } catch {
    memory.set(name, json)
  }
}
