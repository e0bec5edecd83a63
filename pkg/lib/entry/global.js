import { defineGlobals } from '../define-globals.js';

defineGlobals();
