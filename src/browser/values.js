// JavaScript values as Rust reads them.

/** The member of any value; undefined where there is none, or reading it throws. */
export const get = (target, name) => {
  try {
    return target[name]
  } catch {}
}

/** A string; empty where it is none. */
export const text = (value) => (typeof value === 'string' ? value : '')

/** A number; NaN where it is none. */
export const number = (value) => (typeof value === 'number' ? value : NaN)

/** A `Uint8Array`; empty where there is none. */
export const bytes = (value) => value || new Uint8Array(0)

/** The type's name as WeChat's parameter errors spell it: `Null`, `Boolean`, `Object` … */
export const typeName = (value) => Object.prototype.toString.call(value).slice(8, -1)

/** The length of a string or an array. */
export const length = (value) => (typeof value === 'string' || Array.isArray(value) ? value.length : 0)

/** Whether a string has no lone surrogates. */
export const isWellFormed = (value) => !/[\ud800-\udfff]/u.test(value)

/** Whether it is an object, or nothing at all. */
export const isObjectOrNothing = (value) => value == null || typeof value === 'object'

/** JSON without spaces. */
export const json = (value) => JSON.stringify(value)
