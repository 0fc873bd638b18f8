import { createClient, isAuthError } from 'cxauth';

const cx = createClient({ platform: 'cisco-cx-cloud', fetchToken: async () => (await fetch('/token')).json() });
cx.fetch('items').catch((error) => console.log(isAuthError(error)));
