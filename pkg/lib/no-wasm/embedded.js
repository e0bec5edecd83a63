import instantiate from './instantiate.js';

/** What stands in for the module, and travels inside the script: the same program in JavaScript. */
export default () => instantiate;
