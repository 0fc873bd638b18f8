// The module that the package ships a part of, with the JavaScript that wasm-bindgen made for it: scenarios also call what the
// package does not.

import { readFileSync } from 'node:fs';

import * as glue from '../../wasm/cxauth_web.js';

glue.initSync({ module: readFileSync(new URL('../../wasm/cxauth_web_bg.wasm', import.meta.url)) });

export { glue as bridge };
