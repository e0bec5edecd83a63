// Programs that tests start end with the tests, even with tests that are broken off.
import { after } from 'node:test';

const running = new Set();
const endAll = () => running.forEach(child => child.kill('SIGKILL'));

process.on('exit', endAll);
// Without a listener these end the process at once, and nothing is told of it.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
after(endAll);

/** Has a program end with this file's tests. */
export const endWithTests = child => {
  running.add(child);
  child.on('exit', () => running.delete(child));
};
