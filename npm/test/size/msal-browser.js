import { PublicClientApplication } from '@azure/msal-browser';

const application = await PublicClientApplication.createPublicClientApplication({ auth: { clientId: 'id' } });
console.log(await application.acquireTokenSilent({ scopes: [] }));
