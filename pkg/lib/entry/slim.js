// The same exports; only the module inside is missing.
export * from './index.js';
