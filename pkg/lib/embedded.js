import reader from 'wx-soter:reader';
import text from 'wx-soter:text';
import { read } from './module-reader.js';

/**
 * The module that travels inside the script.
 *
 * @returns {Uint8Array}
 */
export default () => read(text, reader);
