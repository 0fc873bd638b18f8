// Sign in at any server, call, reload, sign out.

import { createClient, discover, isAuthError } from 'cxauth';

const element = (id) => document.getElementById(id);
const form = element('server');
/** The tab remembers which server it was while the person is there; nothing of it is secret. */
const REMEMBERED = 'server';

/** What a server needs to be told, as the address or the form says it. */
for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
  const input = form.elements.namedItem(name);
  if (input instanceof HTMLInputElement) input.value = value;
}

let client;

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  say('problem', '…');
  const server = Object.fromEntries(new FormData(form));
  sessionStorage.setItem(REMEMBERED, JSON.stringify(server));
  try {
    client = await connect(server);
    await client.signIn();
  } catch (error) {
    say('problem', error.message);
  }
});

element('call').addEventListener('click', call);
element('sign-out').addEventListener('click', async () => {
  try {
    await client.signOut();
    say('problem', '');
  } catch (error) {
    // The tokens are forgotten here in any case.
    say('problem', error.message);
  }
  show(false);
});

await resume();

/** The page was opened, reloaded, or is where the server sent the browser back to. */
async function resume() {
  const remembered = sessionStorage.getItem(REMEMBERED);
  if (remembered === null) return show(false);
  const server = JSON.parse(remembered);
  for (const [name, value] of Object.entries(server)) form.elements.namedItem(name).value = value;
  try {
    client = await connect(server);
    await client.finishSignIn();
    await client.token();
  } catch (error) {
    const isNews = !isAuthError(error) || error.code !== 'sign_in_required';
    say('problem', isNews ? error.message : '');
    return show(false);
  }
  show(true);
  return call();
}

async function connect({ issuer, clientId, apiBase }) {
  return createClient({
    ...(await discover(issuer)),
    clientId,
    clientAuthentication: 'none',
    grant: 'authorization_code',
    redirectUri: location.origin + location.pathname,
    apiBase,
    // The tokens survive a reload of this tab, and every script of this page can read them.
    storage: 'session',
  });
}

async function call() {
  say('answer', '…');
  try {
    const response = await client.fetch('whoami');
    const { username } = await response.json();
    say('answer', response.ok ? `The API says: you are ${username}.` : `The API answered ${response.status}.`);
  } catch (error) {
    say('answer', error.message);
  }
  const { state, expiresAt } = client.status;
  element('state').textContent = state;
  element('state').dataset.kind = state === 'fresh' ? 'good' : 'bad';
  element('until').textContent = expiresAt?.toLocaleTimeString() ?? '–';
  element('scopes').textContent = (await client.token()).scopes?.join(', ') || 'whatever the server allows';
}

function say(where, text) {
  element(where).textContent = text;
}

function show(isSignedIn) {
  form.hidden = isSignedIn;
  element('session').hidden = !isSignedIn;
}
