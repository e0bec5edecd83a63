// Watches over the calls that are open in the module's instance. A trap leaves an instance in a state that nobody knows, and
// in it the promises of all calls, which would stay open for ever. Therefore the call that met the trap rejects, and the
// others start again in a new instance: a verification depends on nothing but its input.

/**
 * A call into the module.
 *
 * @typedef {object} Call
 * @property {number} number
 * @property {(generation: number, number: number) => Promise<string>} begin calls the instance of that generation
 * @property {(value: string) => void} resolve
 * @property {(error: unknown) => void} reject
 */

/** How many instances broke; each has the number of those before it. */
let generation = 0;
/**
 * By their numbers.
 *
 * @type {Map<number, Call>}
 */
const open = new Map();
let lastNumber = 0;
/** The number of the call whose future is polled, or was last. */
let current = 0;

/**
 * The module asks for it before it polls a future.
 *
 * @param {number} number
 */
export const enter = number => {
  current = number;
};

/** @param {Call} call */
const start = call => {
  const born = generation;
  open.set(call.number, call);
  current = call.number;
  try {
    call.begin(born, call.number).then(
      value => open.delete(call.number) && call.resolve(value),
      error => {
        // The module rejects nothing by itself; but what traps where a promise is made rejects that.
        if (born !== generation) return;
        current = call.number;
        replace(error);
      },
    );
  } catch (error) {
    replace(error);
  }
};

/**
 * Gives the instance up.
 *
 * @param {unknown} error
 */
const replace = error => {
  generation += 1;
  const culprit = open.get(current);
  open.delete(current);
  culprit?.reject(error);
  const others = [...open.values()];
  open.clear();
  for (const call of others) {
    // Where nobody is to blame, starting again might never end.
    if (culprit) start(call);
    else call.reject(error);
  }
};

/**
 * What calls into the instance later: not if that was replaced meanwhile, and under the same eyes as its start.
 *
 * @template T
 * @param {(value: T) => void} callback
 * @returns {(value: T) => void}
 */
export const supervised = callback => {
  const born = generation;
  const number = current;
  return value => {
    if (born !== generation) return;
    current = number;
    try {
      callback(value);
    } catch (error) {
      replace(error);
    }
  };
};

/**
 * Makes a call into the module.
 *
 * @param {Call['begin']} begin
 * @returns {Promise<string>}
 */
export const supervise = begin =>
  new Promise((resolve, reject) => {
    lastNumber = (lastNumber + 1) >>> 0;
    start({ number: lastNumber, begin, resolve, reject });
  });
