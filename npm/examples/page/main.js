// Sign in, call, and watch the token live. Open the page twice: both tabs renew once between them.

import { createClient, isAuthError } from 'cxauth';

const element = (id) => document.getElementById(id);
const form = element('sign-in');
const states = {
  empty: 'no token',
  renewing: 'getting one',
  renewing_early: 'renewing',
  fresh: 'fresh',
  due: 'renewed at the next call',
  degraded: 'serves; renewal failed',
  waiting: 'waiting for the server',
  denied: 'sign in again',
};

// The address may say where to sign in; never the password.
for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
  const input = form.elements.namedItem(name);
  if (input instanceof HTMLInputElement && input.type !== 'password') input.value = value;
}

let client;
/** The longest time left that was seen, for the bar. */
let whole = 1;
/** Whether this tab asked the server since the last renewal. */
let asked = false;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const { tokenEndpoint, apiBase, clientId, email, password } = Object.fromEntries(new FormData(form));
  client?.dispose();
  client = createClient({
    platform: 'cloudcx',
    tokenEndpoint,
    apiBase,
    clientId,
    email,
    password,
    background: true,
    // One name a user: tabs of two users share nothing.
    tabs: `${clientId} ${email}`,
    fetch(input, init) {
      asked ||= String(input) === tokenEndpoint;
      return fetch(input, init);
    },
  });
  for (const type of ['renewed', 'waiting', 'degraded', 'refused', 'signed_out', 'expiring']) client.on(type, note);
  form.elements.namedItem('password').value = '';
  form.hidden = true;
  element('life').hidden = false;
  call();
});

element('call').addEventListener('click', call);
element('sign-out').addEventListener('click', async () => {
  await client.signOut();
  client.dispose();
  client = undefined;
  form.hidden = false;
  element('life').hidden = true;
  element('events').replaceChildren();
  say('');
});

async function call() {
  say('…');
  try {
    const response = await client.fetch('user/page?pageIndex=1&pageSize=25');
    const { data } = await response.json();
    say(response.ok ? `The API answered with ${data?.list.length} users.` : `The API answered ${response.status}.`);
  } catch (error) {
    const when = isAuthError(error) && error.retryAt ? ` (again at ${error.retryAt.toLocaleTimeString()})` : '';
    say(`${error.message}${when}`, true);
  }
  show();
}

function note(event) {
  if (event.type === 'renewed') {
    element('by').textContent = asked ? 'this tab' : 'another tab';
    asked = false;
    whole = 1;
  }
  const line = document.createElement('li');
  line.textContent = [event.at.toLocaleTimeString(), event.type, event.error?.code].filter(Boolean).join(' · ');
  element('events').prepend(line);
  show();
}

function say(text, isError = false) {
  const answer = element('answer');
  answer.textContent = text;
  answer.classList.toggle('error', isError);
}

function show() {
  if (client === undefined) return;
  const { state, expiresAt } = client.status;
  element('state').textContent = states[state];
  const left = Math.max(0, expiresAt === undefined ? 0 : (expiresAt - Date.now()) / 1000);
  whole = Math.max(whole, left);
  element('left').textContent = left > 0 ? `${Math.floor(left / 60)} min ${Math.floor(left % 60)} s` : '–';
  element('bar').value = left / whole;
}

setInterval(show, 1000);
