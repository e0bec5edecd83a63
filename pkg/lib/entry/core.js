// What the loader fetches: all that is of no use before the module is there.
export * from 'wx-soter:glue';
export { BUILD } from 'wx-soter:names';
export { showDialog } from '../dialog/show-dialog.js';
export { connect } from '../loader/call.js';
