// Adds the calls to the global `wx`, whose settings `configure` changes.
export { configure, forgetKey } from './index.js';
