// The prompt in Firefox.
import { openPage } from './prompt-firefox.mjs';
import { events } from './prompt-events.mjs';
import { inFront } from './prompt-in-front.mjs';

inFront('Firefox', openPage);
events('Firefox', openPage);
