// A whole authentication on the emulator, in this process.
import { median } from './median.mjs';

/** Resolves with the median in milliseconds. */
export const measureEmulator = async rounds => {
  const { createEmulator } = await import('../../../pkg/dist/emulator.js');
  const { warn } = console;
  // It says that it is an emulator.
  console.warn = () => {};
  const { wx } = createEmulator();
  console.warn = warn;
  const times = [];
  const warmUp = 20;
  for (let round = -warmUp; round < rounds; round++) {
    const started = performance.now();
    await wx.startSoterAuthentication({ challenge: 'a challenge of the length that servers send, 44' });
    if (round >= 0) times.push(performance.now() - started);
  }
  return median(times);
};
