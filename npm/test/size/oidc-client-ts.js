import { UserManager } from 'oidc-client-ts';

const settings = { authority: 'https://as.example', client_id: 'id', redirect_uri: 'https://page.example' };
console.log(await new UserManager(settings).getUser());
