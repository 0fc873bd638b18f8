// Tabs that renew once between them, by each kind of lock, and each for itself where there is none.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { INSECURE_HOST } from '../support/site.mjs';
import { openClient, simulator, sleep, TWO_HOURS, token } from '../support/world.mjs';

const WAYS = {
  'by Web Locks': {},
  'by IndexedDB, without Web Locks': { before: () => delete Navigator.prototype.locks },
  'by IndexedDB, at an address without TLS': { host: INSECURE_HOST },
};

for (const [how, way] of Object.entries(WAYS)) {
  describe(`tabs, ${how}`, () => {
    test('two tabs with an expired token send one token request between them', async () => {
      const tabs = [await open(way), await open(way)];
      assert.equal(await tabs[0].evaluate(() => 'locks' in navigator), how === 'by Web Locks');
      let before;
      for (let requests = 1; requests <= 4; requests += 1) {
        const tokens = await Promise.all(tabs.map((tab) => token(tab, 100)));
        assert.equal(tokens[0], tokens[1]);
        assert.notEqual(tokens[0], before);
        assert.equal(await simulator.tokenRequests(), requests);
        before = tokens[0];
        await sleep(TWO_HOURS, ...tabs);
      }
    });

    test('a tab that opens later takes over the token', async () => {
      const first = await token(await open(way));
      assert.equal(await token(await open(way)), first);
      assert.equal(await simulator.tokenRequests(), 1);
    });

    test('signing out in one tab signs out the other', async () => {
      const [one, two] = [await open(way), await open(way)];
      const before = await token(one);
      assert.equal(await token(two), before);
      await one.evaluate(() => cx.signOut());
      await two.waitForFunction(() => cx.status.state === 'empty');
      assert.notEqual(await token(two), before);
    });

    for (const [end, leave] of [
      ['is closed', (page) => page.close()],
      ['crashes', crash],
    ]) {
      test(`a tab that ${end} in the middle of a renewal holds up nobody`, async () => {
        const [one, two] = [await open(way), await open(way)];
        await simulator.post('faults', { endpoints: ['token'], times: 1, effect: { kind: 'hold' } });
        await one.evaluate(() => void cx.token().catch(() => {}));
        await simulator.reached(1);
        const waiting = token(two);
        await leave(one);
        assert.notEqual(await waiting, '');
        await simulator.post('release', {});
        assert.equal(await simulator.tokenRequests(), 2);
      });
    }
  });
}

const ALONE = {
  'Web Locks nor IndexedDB': () => {
    delete Navigator.prototype.locks;
    delete globalThis.indexedDB;
  },
  'Web Locks, and a database that is forbidden': () => {
    delete Navigator.prototype.locks;
    IDBFactory.prototype.open = () => {
      throw new DOMException('', 'SecurityError');
    };
  },
  'Web Locks nor BroadcastChannel': () => {
    delete Navigator.prototype.locks;
    delete globalThis.BroadcastChannel;
  },
  BroadcastChannel: () => {
    delete globalThis.BroadcastChannel;
  },
};

for (const [what, before] of Object.entries(ALONE)) {
  test(`without ${what} each tab works on its own`, async () => {
    const tabs = [await open({ before }), await open({ before })];
    for (let renewals = 1; renewals <= 2; renewals += 1) {
      await Promise.all(tabs.map((tab) => token(tab, 10)));
      assert.equal(await simulator.tokenRequests(), 2 * renewals);
      await sleep(TWO_HOURS, ...tabs);
    }
    await tabs[0].evaluate(() => cx.signOut());
  });
}

function open(way) {
  return openClient({ connection: simulator.connection, tabs: 'user-1' }, way);
}

/** Ends the page's process: nobody gets to say goodbye. */
async function crash(page) {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  void session.send('Page.crash').catch(() => {});
  await crashed;
}
