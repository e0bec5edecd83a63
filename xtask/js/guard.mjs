// Runs a program that must not outlive the one that wants it, which may be killed and then cannot end anything:
//   node guard.mjs PROGRAM ARGUMENTS...
// The one that wants it holds this one's standard input open. When that closes, for whatever reason, the program ends. A line
// there is an address that gets a DELETE before: that of a browser's session.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const [, itself, program, ...programArguments] = process.argv;

if (itself === fileURLToPath(import.meta.url)) {
  const child = spawn(program, programArguments, { stdio: ['ignore', 'inherit', 'inherit'] });
  child.on('error', error => console.error(`${program} cannot be started: ${error.message}`));
  child.on('close', () => process.exit(1));
  // Ctrl-C reaches every process of a terminal; this one has to go on until its work is done.
  process.on('SIGINT', () => {});
  let last;
  for await (const line of createInterface({ input: process.stdin })) last = line;
  child.removeAllListeners('close');
  if (last) await fetch(last, { method: 'DELETE', signal: AbortSignal.timeout(10_000) }).catch(() => {});
  child.kill('SIGKILL');
}

/**
 * Starts a program under guard; its process's standard input is that of the guard.
 *
 * @param {string} program
 * @param {string[]} programArguments
 * @param {NodeJS.ProcessEnv} env
 */
export const guarded = (program, programArguments, env) =>
  spawn(process.execPath, [fileURLToPath(import.meta.url), program, ...programArguments], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env,
  });
