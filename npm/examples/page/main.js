// Sign in, call, and watch the token live. Open the page twice: both tabs renew once between them.

import { createClient, isAuthError } from 'cxauth';

const element = (id) => document.getElementById(id);
const form = element('sign-in');
/** What each state is in words, and whether it is good. */
const states = {
  empty: ['no token', 'idle'],
  renewing: ['getting one', 'busy'],
  renewing_early: ['renewing', 'busy'],
  fresh: ['fresh', 'good'],
  due: ['renewed at the next call', 'good'],
  degraded: ['serves; renewal failed', 'bad'],
  waiting: ['waiting for the server', 'bad'],
  denied: ['sign in again', 'bad'],
};
/** What each event means, and whether it is good. */
const events = {
  renewed: ['There is a new token', 'good'],
  waiting: ['No token could be got', 'bad'],
  degraded: ['The renewal failed; the token still serves', 'bad'],
  refused: ['The API refused the token', 'bad'],
  signed_out: ['Somebody has to sign in', 'idle'],
  expiring: ['What cannot be renewed will end', 'bad'],
};

// The address may say where to sign in; never the password.
for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
  const input = form.elements.namedItem(name);
  if (input instanceof HTMLInputElement && input.type !== 'password') input.value = value;
}

let client;
/** When the token in service came, for the bar. */
let since = Date.now();
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
  for (const type of Object.keys(events)) client.on(type, note);
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
  element('by').textContent = 'nobody yet';
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
  let [text, kind] = events[event.type];
  if (event.type === 'renewed') {
    const by = asked ? 'this tab' : 'another tab';
    element('by').textContent = by;
    text = `Got by ${by}${event.until ? `, serves until ${event.until.toLocaleTimeString()}` : ''}`;
    asked = false;
    since = event.at.getTime();
  }
  if (event.error) text += ` (${event.error.code})`;
  if (event.error?.retryAt) text += `, again at ${event.error.retryAt.toLocaleTimeString()}`;
  const line = document.createElement('li');
  line.dataset.kind = kind;
  for (const [tag, words] of [
    ['time', event.at.toLocaleTimeString()],
    ['code', event.type],
    ['span', text],
  ]) {
    const part = document.createElement(tag);
    part.textContent = words;
    line.append(part);
  }
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
  const [words, kind] = states[state];
  element('state').textContent = words;
  element('state').dataset.kind = kind;
  const left = Math.max(0, expiresAt === undefined ? 0 : expiresAt - Date.now());
  element('left').textContent = left > 0 ? `${Math.floor(left / 60_000)} min ${Math.floor(left / 1000) % 60} s` : '–';
  element('bar').value = left > 0 ? left / (expiresAt - since) : 0;
  element('from').textContent = left > 0 ? new Date(since).toLocaleTimeString() : '';
  element('until').textContent = left > 0 ? expiresAt.toLocaleTimeString() : '';
}

setInterval(show, 1000);
