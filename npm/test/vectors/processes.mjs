// The processes of a scenario, each with a session of its own.

import { Player } from './player.mjs';
import { SignIns } from './sign-ins.mjs';
import { Store } from './store.mjs';

/**
 * What belongs to the scenario and not to one of its processes. `store` is null where there is none; `entropy` gives another one
 * to each process that is opened, and `opened` counts them.
 *
 * @typedef {{ store: Store | null, snapshots: Map<string, string>, signIns: SignIns, opened: number, entropy: (process: number) => Uint8Array }} Shared
 */

/** Has each step played by its process, which the first step that names it opens. */
export class Processes {
  #bridge;
  #settings;
  #epoch;
  #start;
  /** @type {Shared} */
  #shared;
  /** @type {Map<string | undefined, Player>} */
  #players = new Map();

  /**
   * @param {object} bridge
   * @param {object} settings
   * @param {{ epoch: number, start: number, hasStore: boolean, repetition: number }} scenario epoch and start as for {@link Player}
   */
  constructor(bridge, settings, { epoch, start, hasStore, repetition }) {
    this.#bridge = bridge;
    this.#settings = settings;
    this.#epoch = epoch;
    this.#start = start;
    this.#shared = {
      store: hasStore ? new Store(bridge) : null,
      snapshots: new Map(),
      signIns: new SignIns(bridge),
      opened: 0,
      // Any bytes are as good as others, as long as they are not the same twice.
      entropy: (process) => new Uint8Array(16).fill(repetition * 151 + process * 31 + 7),
    };
  }

  free() {
    for (const player of this.#players.values()) player.free();
  }

  /** Performs one step and returns its outcome. Throws at a mistake in the scenario. */
  perform(step) {
    if (step.do === 'store') {
      this.#shared.store?.change(step);
      return null;
    }
    const player = this.#players.get(step.session);
    if (step.do !== 'end') return (player ?? this.#open(step)).perform(step);
    if (!player) throw new Error('there is no such process');
    player.end();
    this.#players.delete(step.session);
    return null;
  }

  /** The names of the events of a process since this was last called. */
  events(process) {
    return this.#players.get(process)?.events() ?? [];
  }

  /** When background work of a process is next due. */
  wakeup(process) {
    return this.#players.get(process)?.wakeup() ?? null;
  }

  #open({ session: process, at }) {
    // The one without a name is as old as the scenario.
    const since = process === undefined ? (this.#start ?? at) : at;
    if (process === undefined) this.#start = undefined;
    const player = new Player(this.#bridge, this.#settings, this.#epoch, since, this.#shared);
    this.#players.set(process, player);
    return player;
  }
}
