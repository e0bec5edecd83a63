// Prepares a module for wasm2js:
//   node xtask/js/share-copies.mjs FROM TO
// The compiler copies structures eight bytes at a time. JavaScript has no such integers, and each of these copies would become two
// loads, two stores and a variable, a tenth of the script. So they become calls of three functions that copy.
import binaryen from 'binaryen';
import { readFileSync, writeFileSync } from 'node:fs';

/** A form of WebAssembly's text is an array of its words and forms. */
const parse = text => {
  const open = [[]];
  for (const [token] of text.matchAll(/"(?:\\.|[^"])*"|[()]|[^\s()]+/g)) {
    if (token === '(') open.push([]);
    else if (token === ')') open.at(-2).push(open.pop());
    else open.at(-1).push(token);
  }
  return open[0][0];
};
const write = form => (Array.isArray(form) ? `(${form.map(write).join(' ')})` : form);

/** Of a load or a store: its address, a form and a number. */
const addressOf = form => {
  const offset = form.find(word => typeof word === 'string' && word.startsWith('offset='));
  return { base: form.find(Array.isArray), offset: offset ? Number(offset.slice('offset='.length)) : 0 };
};
const written = ({ base, offset }) => (offset ? ['i32.add', base, ['i32.const', String(offset)]] : base);
/** The local that an address is counted from, if nothing else happens there. */
const localOf = ({ base }) => (base[0] === 'local.get' ? base[1] : undefined);

const SIZES = { 'i32.store': 4, 'i64.store': 8 };

/** What a form copies, if it is a store of a load. */
const copyOf = form => {
  const size = SIZES[form[0]];
  const value = form.at(-1);
  if (!size || value[0] !== form[0].replace('store', 'load')) return undefined;
  return { form, size, to: addressOf(form), from: addressOf(value) };
};

/** Whether one copy goes on where another ended, in this direction. What is shorter is the highest. */
const follows = (copy, last, direction) => {
  const [lower, upper] = direction === 'up' ? [last, copy] : [copy, last];
  return (
    lower.size === 8 &&
    ['to', 'from'].every(end => localOf(copy[end]) === localOf(last[end]) && upper[end].offset - lower[end].offset === lower.size)
  );
};

/** The copies at the beginning of these forms that are one in all, in the order in which they are made. */
const runAt = forms => {
  const run = [copyOf(forms[0])];
  if (!run[0] || !localOf(run[0].to) || !localOf(run[0].from)) return { run: run.filter(Boolean) };
  const next = () => forms[run.length] && copyOf(forms[run.length]);
  const direction = ['up', 'down'].find(direction => next() && follows(next(), run.at(-1), direction));
  while (direction && next() && follows(next(), run.at(-1), direction)) run.push(next());
  return { run, direction };
};

const shared = form => {
  if (!Array.isArray(form)) return form;
  const changed = [];
  for (let at = 0; at < form.length; ) {
    const { run, direction } = Array.isArray(form[at]) ? runAt(form.slice(at)) : { run: [] };
    if (run.length > 1) {
      const lowest = direction === 'up' ? run[0] : run.at(-1);
      const bytes = run.reduce((sum, { size }) => sum + size, 0);
      changed.push(['call', `$copy_${direction}`, written(lowest.to), written(lowest.from), ['i32.const', String(bytes)]]);
    } else if (run[0]?.size === 8) {
      changed.push(['call', '$copy_8', shared(written(run[0].to)), shared(written(run[0].from))]);
    } else {
      changed.push(shared(form[at]));
    }
    at += run.length || 1;
  }
  return changed;
};

/** They copy what they replace in the same steps and order, so that it makes no difference whether the ends overlap. */
const COPIERS = `
(func $copy_8 (param $to i32) (param $from i32)
  (i64.store align=1 (local.get $to) (i64.load align=1 (local.get $from))))
(func $copy_4 (param $to i32) (param $from i32)
  (i32.store align=1 (local.get $to) (i32.load align=1 (local.get $from))))
(func $copy_up (param $to i32) (param $from i32) (param $bytes i32)
  (loop $again
    (if (i32.ge_u (local.get $bytes) (i32.const 8)) (then
      (call $copy_8 (local.get $to) (local.get $from))
      (local.set $to (i32.add (local.get $to) (i32.const 8)))
      (local.set $from (i32.add (local.get $from) (i32.const 8)))
      (local.set $bytes (i32.sub (local.get $bytes) (i32.const 8)))
      (br $again))))
  (if (local.get $bytes) (then (call $copy_4 (local.get $to) (local.get $from)))))
(func $copy_down (param $to i32) (param $from i32) (param $bytes i32)
  (if (i32.and (local.get $bytes) (i32.const 4)) (then
    (local.set $bytes (i32.sub (local.get $bytes) (i32.const 4)))
    (call $copy_4 (i32.add (local.get $to) (local.get $bytes)) (i32.add (local.get $from) (local.get $bytes)))))
  (loop $again
    (if (local.get $bytes) (then
      (local.set $bytes (i32.sub (local.get $bytes) (i32.const 8)))
      (call $copy_8 (i32.add (local.get $to) (local.get $bytes)) (i32.add (local.get $from) (local.get $bytes)))
      (br $again)))))`;

const [from, to] = process.argv.slice(2);
const module = binaryen.readBinary(readFileSync(from));
// The module does not say what it uses; wasm-opt has taken that out.
const { BulkMemory, BulkMemoryOpt, MutableGlobals, NontrappingFPToInt, SignExt } = binaryen.Features;
module.setFeatures(BulkMemory | BulkMemoryOpt | MutableGlobals | NontrappingFPToInt | SignExt);
const text = write(shared(parse(module.emitText())));
const prepared = binaryen.parseText(`${text.slice(0, -1)}${COPIERS})`);
prepared.setFeatures(module.getFeatures());
if (!prepared.validate()) throw new Error('the module with shared copies is not valid');
writeFileSync(to, prepared.emitBinary());
