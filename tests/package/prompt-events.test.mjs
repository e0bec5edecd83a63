// What is done in the prompt, in Chromium.
import { openPage } from './prompt-chromium.mjs';
import { events } from './prompt-events.mjs';

events('Chromium', openPage);
