// What a page must not do.

import { createClient } from 'cxauth';

const output = document.querySelector('output');
try {
  createClient({ platform: 'cisco-cx-cloud', clientId: 'id', clientSecret: 'secret' });
  output.textContent = 'it was taken';
} catch (error) {
  output.textContent = `${error.code}: ${error.message}`;
}
