// The state of one device, and the person who stands before it. What any of it means is decided in Rust.

import { snapshot } from './page.js'
