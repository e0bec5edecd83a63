// Adds the calls to the global `wx`; exports nothing.
export {};
