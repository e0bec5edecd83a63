// Modals that pages have, from the packages that people use, each with a button `go` that calls, and `close`.
import { readFile } from 'node:fs/promises';
import { add, addScript } from './site.mjs';

const read = file => readFile(new URL(`../../node_modules/${file}`, import.meta.url), 'utf8');
const script = async file => `<script src="${addScript(await read(file))}"></script>`;
const style = async file => `<link rel="stylesheet" href="${add(await read(file), { 'content-type': 'text/css' })}">`;

const buttons = '<button id="go" onclick="start()">Go</button><button id="close">Close</button>';
const box = `<div id="modal" style="display: none">${buttons}</div>`;

/** For each: the page, what opens the modal there, and whether it is open. */
export const modals = {
  'focus-trap': {
    head: (await script('tabbable/dist/index.umd.js')) + (await script('focus-trap/dist/focus-trap.umd.js')),
    body: box,
    open: () => {
      const modal = document.getElementById('modal');
      modal.style.display = 'block';
      focusTrap.createFocusTrap(modal, { onPostDeactivate: () => (modal.style.display = 'none') }).activate();
    },
    isOpen: () => document.getElementById('modal').style.display === 'block',
  },
  'focus-trap that a click outside ends': {
    head: (await script('tabbable/dist/index.umd.js')) + (await script('focus-trap/dist/focus-trap.umd.js')),
    body: box,
    open: () => {
      const modal = document.getElementById('modal');
      modal.style.display = 'block';
      const onPostDeactivate = () => (modal.style.display = 'none');
      focusTrap.createFocusTrap(modal, { clickOutsideDeactivates: true, onPostDeactivate }).activate();
    },
    isOpen: () => document.getElementById('modal').style.display === 'block',
  },
  micromodal: {
    head: `${await script('micromodal/dist/micromodal.js')}<style>.modal { display: none } .modal.is-open { display: block }</style>`,
    body: `<div class="modal" id="modal" aria-hidden="true"><div tabindex="-1" data-micromodal-close><div role="dialog">${buttons}</div></div></div>`,
    open: () => MicroModal.show('modal'),
    isOpen: () => document.getElementById('modal').classList.contains('is-open'),
  },
  bootstrap: {
    head: (await style('bootstrap/dist/css/bootstrap.css')) + (await script('bootstrap/dist/js/bootstrap.bundle.js')),
    body: `<div class="modal" id="modal" tabindex="-1"><div class="modal-dialog"><div class="modal-content">${buttons}</div></div></div>`,
    open: () => new bootstrap.Modal('#modal').show(),
    isOpen: () => document.getElementById('modal').classList.contains('show'),
  },
  sweetalert2: {
    head: await script('sweetalert2/dist/sweetalert2.all.js'),
    body: '<p>Text</p>',
    open: () => {
      Swal.fire({ html: '<button id="go">Go</button>', animation: false });
      document.getElementById('go').onclick = () => start();
    },
    isOpen: () => Swal.isVisible(),
  },
  'a native dialog': {
    body: `<dialog id="modal">${buttons}</dialog>`,
    open: () => document.getElementById('modal').showModal(),
    isOpen: () => document.getElementById('modal').open,
  },
  'a native dialog that a click outside closes': {
    body: `<dialog id="modal" closedby="any">${buttons}</dialog>`,
    open: () => document.getElementById('modal').showModal(),
    isOpen: () => document.getElementById('modal').open,
  },
  'a popup that Escape and a click outside close': {
    body: `${box}<p>Text</p>`,
    open: () => {
      const modal = document.getElementById('modal');
      modal.style.display = 'block';
      const close = event => {
        if (event.type.startsWith('key') ? event.key === 'Escape' : !modal.contains(event.target)) modal.style.display = 'none';
      };
      for (const type of [
        'keydown',
        'keyup',
        'click',
        'mousedown',
        'mouseup',
        'pointerdown',
        'pointerup',
        'touchstart',
        'focusin',
      ]) {
        document.addEventListener(type, close, true);
        globalThis.addEventListener(type, close);
      }
    },
    isOpen: () => document.getElementById('modal').style.display === 'block',
  },
};
