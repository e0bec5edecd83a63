// The built package in WebKitGTK.
import { runIn } from './run-in.mjs';

await runIn('webkitgtk');
