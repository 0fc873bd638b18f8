// The module that the package ships, with the JavaScript that wasm-bindgen made for it.

import { readFileSync } from 'node:fs';

import * as glue from '../../wasm/cxauth_web.js';

glue.initSync({ module: readFileSync(new URL('../../dist/cxauth.wasm', import.meta.url)) });

export { glue as bridge };
