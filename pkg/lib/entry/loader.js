// The plain script without the module, which comes when the page is idle or at the first call.
import { defineGlobals } from '../define-globals.js';
import { whenIdle } from '../loader/when-idle.js';
import { init } from '../module.js';

// Where it fails nobody is told: each call tries again, and says what is wrong.
if (defineGlobals()) whenIdle(() => init().catch(() => {}));
