// The types beside those of Taro, for which the calls stand on H5.
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { write } from './recipes.mjs';

const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

const PROGRAM = `
import type Taro from '@tarojs/taro'
import { type StartOptions, install, wx } from 'wx-soter'

type Calls = 'startSoterAuthentication' | 'checkIsSupportSoterAuthentication' | 'checkIsSoterEnrolledInDevice'

// Ours stands wherever Taro's is wanted, which always promises.
export const calls: Pick<Taro.TaroStatic, Calls> = wx
declare const theirs: Taro.startSoterAuthentication.Option
export const options: StartOptions = theirs
declare const host: Taro.TaroStatic
export const installed: Taro.TaroStatic = install(host, { override: true })
const asked = { requestAuthModes: ['facial' as const], challenge: 'c', complete() {} }
export const paid: Promise<{ resultJSON: string }>[] = [wx, installed].map((each) => each.startSoterAuthentication(asked))
export const awaited: Promise<{ resultJSON: string }> = wx.startSoterAuthentication(asked)
`;

test("the types are assignable to Taro's", async () => {
  await write('taro.ts', PROGRAM);
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
    module: 'esnext',
    moduleResolution: 'bundler',
  };
  const project = await write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['taro.ts'] }));
  await promisify(execFile)(process.execPath, [tsc, '--project', project]).catch(({ stdout }) => {
    throw new Error(stdout);
  });
});
