import CxauthBridge

/// The one place where the sessions of a scenario keep their set: with one lock, and with what goes wrong there.
final class Store {
  private var holder: Holder?
  private var isHeldOutside = false
  private var fails: Set<Operation> = []
  private var text: String?

  /// What can go wrong.
  enum Operation: String, CaseIterable {
    case lock, load, save
  }

  /// A flight of a process.
  struct Holder: Equatable {
    let process: Int
    let flight: UInt32
  }

  /// It could not be done.
  struct Failure: Error {}

  /// What a scenario does to it; nil leaves it as it is.
  struct Change {
    let fails: Set<Operation>?
    let losesLock: Bool
    let isHeld: Bool?
    /// A text, or JSON's null for nothing.
    let snapshot: JSON?
  }

  /// Does what the step says, in this order. It throws for a lock that is not as the step takes it to be.
  func change(_ change: Change) throws {
    if let fails = change.fails { self.fails = fails }
    if change.losesLock {
      if holder == nil { throw ScenarioError("`loses_lock`: no process has the lock") }
      holder = nil
    }
    if let isHeld = change.isHeld {
      if isHeld && isLocked { throw ScenarioError("`held`: somebody has the lock already") }
      if !isHeld && !isHeldOutside { throw ScenarioError("`held`: nobody outside has the lock") }
      isHeldOutside = isHeld
    }
    if let snapshot = change.snapshot { text = snapshot.string }
  }

  /// Gives the flight the lock; false while somebody else has it. It throws `Failure` when the scenario says so.
  func lock(_ flight: Holder) throws -> Bool {
    try fail(if: fails.contains(.lock))
    if isLocked { return false }
    holder = flight
    return true
  }

  /// Takes the lock back, unless the flight has lost it meanwhile.
  func unlock(_ flight: Holder) {
    if holder == flight { holder = nil }
  }

  /// The process is gone, and nothing is locked by it any more.
  func release(_ process: Int) {
    if holder?.process == process { holder = nil }
  }

  /// What it holds. It throws `Failure` when the scenario says so, and when it is no set.
  func load() throws -> String? {
    try fail(if: fails.contains(.load))
    if let text { _ = try generation(text) }
    return text
  }

  /// Keeps a set, also of a flight that has lost the lock. It throws `Failure` when the scenario says so, and for the sake
  /// of what it holds: a later set, one of this generation that a flight without the lock would replace, and what is no set.
  func save(_ snapshot: String, _ flight: Holder) throws {
    try fail(if: fails.contains(.save))
    if let text {
      let (held, new) = (try generation(text), try generation(snapshot))
      try fail(if: held > new || (held == new && holder != flight))
    }
    text = snapshot
  }

  private var isLocked: Bool { isHeldOutside || holder != nil }

  private func fail(if fails: Bool) throws {
    if fails { throw Failure() }
  }

  private func generation(_ text: String) throws -> Double {
    do {
      return try snapshotGeneration(snapshot: text)
    } catch is AuthError {
      throw Failure()
    }
  }
}
