// Lists the customers of Cisco CX Cloud, page by page:
//
//     CISCO_CLIENT_ID=… CISCO_CLIENT_SECRET=… node customers.mjs

import { createClient, isAuthError } from 'cxauth';

const cx = createClient({
  platform: 'cisco-cx-cloud',
  clientId: process.env.CISCO_CLIENT_ID,
  // Read when it is needed, and again after it was changed.
  clientSecret: { env: 'CISCO_CLIENT_SECRET' },
  // Another server that speaks the same, such as `cxauth sim`.
  tokenEndpoint: process.env.CISCO_TOKEN_ENDPOINT,
  apiBase: process.env.CISCO_API_BASE,
});

cx.on('renewed', ({ until }) => console.error(`a token until ${until?.toLocaleTimeString()}`));

try {
  for (let page = 1, seen = 0, total = 1; seen < total; page += 1) {
    const response = await cx.fetch(`customer-info/customer-details?page=${page}&rows=50`);
    if (!response.ok) throw new Error(`the API answered ${response.status}`);
    const { items, totalCount } = await response.json();
    for (const { customerId } of items) console.log(customerId);
    total = items.length === 0 ? seen : totalCount;
    seen += items.length;
  }
} catch (error) {
  if (!isAuthError(error)) throw error;
  console.error(`${error.message}${error.retryAt ? ` Again at ${error.retryAt.toLocaleTimeString()}.` : ''}`);
  process.exitCode = error.action === 'retry' ? 75 : 1;
}
