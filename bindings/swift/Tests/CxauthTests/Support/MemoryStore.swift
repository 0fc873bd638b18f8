import Foundation

@testable import Cxauth

/// A store in memory, which can be told to fail.
final class MemoryStore: Store {
  struct State {
    var isLocked = false
    var content: Secret?
    var generation = 0
    var aside: [Secret] = []
    /// So many saves from now on fail.
    var failingSaves = 0
    /// A reader finds it damaged without looking into it.
    var brokenSeal: String?
    var locks = 0
    var unlocks = 0
  }

  struct Full: LocalizedError {
    var errorDescription: String? { "the disk is full" }
  }

  struct Misused: Error {}

  let state = Protected(State())

  func lock(within timeout: Duration) async throws -> Bool {
    let end = ContinuousClock.now + timeout
    while true {
      let taken = state.withLock { state in
        if state.isLocked { return false }
        state.isLocked = true
        state.locks += 1
        return true
      }
      if taken { return true }
      if ContinuousClock.now >= end { return false }
      try await Task.sleep(for: .milliseconds(1))
    }
  }

  func load() async throws -> Secret? {
    try state.withLock { state in
      if let seal = state.brokenSeal { throw DamagedStore(seal) }
      return state.content
    }
  }

  func save(_ snapshot: Secret, generation: Int) async throws {
    try state.withLock { state in
      guard state.isLocked, generation >= state.generation else { throw Misused() }
      if state.failingSaves > 0 {
        state.failingSaves -= 1
        throw Full()
      }
      state.content = snapshot
      state.generation = generation
    }
  }

  func unlock() async throws {
    try state.withLock { state in
      guard state.isLocked else { throw Misused() }
      state.isLocked = false
      state.unlocks += 1
    }
  }

  func putAside() async throws {
    try state.withLock { state in
      guard state.isLocked else { throw Misused() }
      if let content = state.content { state.aside.append(content) }
      state.content = nil
      state.brokenSeal = nil
    }
  }
}
