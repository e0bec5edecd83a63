export { createEmulator } from '../emulator/create-emulator.js';
