// What looks at settings, and says what is wrong with them in plain words.
import { attempt } from './attempt.js';

/**
 * Words as they are written in code.
 *
 * @param {readonly string[]} words
 */
export const quoted = words => words.map(word => `'${word}'`).join(', ');

/** @type {(value: unknown) => value is undefined} */
export const isMissing = value => value === undefined;
/** @type {(value: unknown) => value is Function} */
export const isFunction = value => typeof value === 'function';
/**
 * Milliseconds that `setTimeout` keeps.
 *
 * @param {unknown} value
 * @param {number} least
 * @returns {value is number}
 */
export const isTime = (value, least) => typeof value === 'number' && value >= least && value < 2 ** 31;

/**
 * The host as browsers write it: small letters, and Punycode for others. Also the one of an address.
 *
 * @param {string} text
 */
const hostOf = text => attempt(() => new URL(text.includes('://') ? text : `https://${text}`).hostname);

/**
 * A domain as browsers write it, which is no IP address.
 *
 * @param {unknown} value
 * @returns {value is string}
 */
export const isDomain = value =>
  typeof value === 'string' && hostOf(value) === value && /^(?:[\w-]+\.)*[a-z][\w-]*\.?$/.test(value);

/**
 * What to ask for in the place of what is none.
 *
 * @param {unknown} value
 */
export const domainFor = value => {
  const host = typeof value === 'string' ? hostOf(value) : undefined;
  return `a domain, such as 'shop.example'${isDomain(host) ? `; did you mean '${host}'?` : ''}`;
};

/**
 * How many letters to add, to leave out, to change or to swap with the next.
 *
 * @param {string} from
 * @param {string} to
 */
const distance = (from, to) => {
  const rows = [[...to, ''].map((_, column) => column)];
  for (let row = 1; row <= from.length; row++) {
    rows[row] = [row];
    for (let column = 1; column <= to.length; column++) {
      const changed = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      rows[row][column] = Math.min(
        rows[row - 1][column] + 1,
        rows[row][column - 1] + 1,
        rows[row - 1][column - 1] + changed,
        swapped ? rows[row - 2][column - 2] + 1 : Infinity,
      );
    }
  }
  return rows[from.length][to.length];
};

/** The longest name that may be a slip of the pen for one of ours. */
const NAME_MAX = 32;

/**
 * The name that was meant, if any is as near as that: one letter in three may be wrong, and none has a case.
 *
 * @param {string} name
 * @param {readonly string[]} known
 * @returns {string | undefined}
 */
export const nearest = (name, known) => {
  if (name.length > NAME_MAX || !known.length) return;
  /** @param {string} other */
  const far = other => distance(name.toLowerCase(), other.toLowerCase());
  const [best] = [...known].sort((a, b) => far(a) - far(b));
  return far(best) <= name.length / 3 ? best : undefined;
};

/**
 * What to add to a complaint about a list: the first of its values that is not among the known ones, with the nearest.
 *
 * @param {readonly string[]} values
 * @param {readonly string[]} known
 * @returns {string} empty where all are known
 */
export const complaintAbout = (values, known) => {
  const [unknown] = values.filter(value => typeof value === 'string' && !known.includes(value));
  if (isMissing(unknown)) return '';
  const meant = nearest(unknown, known);
  return `, not '${unknown}'${meant ? `; did you mean '${meant}'?` : ''}`;
};

/**
 * Checks by the name of the function that got the settings, which begins each complaint.
 *
 * @param {string} caller
 */
export const checks = caller => {
  /**
   * @param {string} what
   * @returns {never}
   */
  const complain = what => {
    throw new TypeError(`${caller}: ${what}`);
  };
  /**
   * @param {unknown} right whether it is right
   * @param {string} name
   * @param {string} expected
   */
  const demand = (right, name, expected) => {
    if (!right) complain(`${name} should be ${expected}`);
  };
  return {
    complain,
    demand,
    /**
     * An object, and none of those that are taken for one by mistake.
     *
     * @param {unknown} value
     * @param {string} name
     */
    demandObject: (value, name) => demand(typeof value === 'object' && value && !Array.isArray(value), name, 'an object'),
    /**
     * A name that does not exist would be a setting that nobody follows.
     *
     * @param {object} object
     * @param {readonly string[]} known
     * @param {string} [prefix] how the object is called
     */
    refuseUnknown: (object, known, prefix = '') => {
      const unknown = Object.keys(object).find(name => !known.includes(name));
      if (isMissing(unknown)) return;
      const meant = nearest(unknown, known);
      complain(`there is no setting ${prefix}${unknown}${meant ? `; did you mean ${prefix}${meant}?` : ''}`);
    },
  };
};
