import Foundation
internal import CxauthBridge

/// Performs a flight's steps with the store. What it says of failures is for people and names no secret.
struct StoreSteps: Sendable {
  /// How long a call may take, other than for the lock.
  private static let limit = Duration.seconds(10)
  /// A store that keeps its time needs no more than this on top of it.
  private static let grace = Duration.seconds(2)
  /// Longer than a renewal that is under way may take.
  private static let signOutPatience = Duration.seconds(40)

  let store: (any Store)?
  /// How long a renewal waits for the lock.
  let patience: Duration

  /// What the store has, without the lock; `nil` also when it cannot be read: under the lock it is read again, and said.
  func look() async -> Secret? {
    try? await within { try await $0.load() }
  }

  func lock(for purpose: Purpose) async -> Outcome {
    let patience = purpose == .signOut ? Self.signOutPatience : patience
    let claim = Protected(Claim.open)
    let taken: Bool
    do {
      taken = try await within(patience + Self.grace) { store in
        let taken = try await store.lock(within: patience)
        if taken, !claim.take(.taken) {
          // Nobody waits for it any longer: nobody else would give it back. This task was cancelled, another one was not.
          try await Task.detached { try await store.unlock() }.value
        }
        return taken
      }
    } catch {
      // Unless it came at the very moment when the time was over: then it is ours.
      if claim.take(.left) { return failed(error) }
      return .done
    }
    return taken ? .done : failed(StoreTrouble("somebody else held the store's lock for \(patience)"))
  }

  func load() async -> Outcome {
    do {
      let snapshot = try await within { try await $0.load() }
      if let snapshot { _ = try Self.generation(of: snapshot) }
      return .loaded(snapshot)
    } catch let error as DamagedStore {
      return failed(await putAside(error))
    } catch {
      return failed(error)
    }
  }

  func save(_ step: Step) async -> Outcome {
    do {
      let snapshot = Secret(try CxError.catching { try step.snapshot() })
      let generation = try Self.generation(of: snapshot)
      try await within { try await $0.save(snapshot, generation: generation) }
      return .done
    } catch {
      return failed(error)
    }
  }

  /// Gives the lock back, before anybody is told so: the next flight may want it at once.
  func unlock() async -> Outcome {
    do {
      try await within { try await $0.unlock() }
      return .done
    } catch {
      return failed(error)
    }
  }

  private func putAside(_ damage: DamagedStore) async -> StoreTrouble {
    do {
      try await within { try await $0.putAside() }
    } catch {
      return StoreTrouble(
        "what it holds is damaged (\(damage.explanation)) and cannot be put aside: \(reason(error))")
    }
    return StoreTrouble(
      "what it held is damaged (\(damage.explanation)) and was put aside; the next attempt starts without it")
  }

  private static func generation(of snapshot: Secret) throws -> Int {
    do {
      return Int(try snapshotGeneration(snapshot: snapshot.reveal()))
    } catch let error as AuthError {
      let error = CxError(error)
      if error.code == .snapshotDamaged { throw DamagedStore("it is no set of tokens") }
      throw error
    }
  }

  private func within<Value: Sendable>(
    _ limit: Duration = Self.limit, _ act: @escaping @Sendable (any Store) async throws -> Value
  ) async throws -> Value {
    guard let store else { throw StoreTrouble("this client has no store") }
    do {
      return try await withTimeLimit(limit) { try await act(store) }
    } catch is TimeLimitExceeded {
      throw StoreTrouble("the store did not answer within \(limit)")
    }
  }

  private func failed(_ error: any Error) -> Outcome {
    .failed(.connect, reason(error))
  }
}

/// What a flight is for.
enum Purpose: Sendable {
  case renewal
  case signOut
  case signIn
}

/// Who has a lock that comes late.
private enum Claim {
  case open
  case taken
  case left
}

extension Protected where Value == Claim {
  /// Whether nobody had it before.
  fileprivate func take(_ claim: Claim) -> Bool {
    withLock { current in
      guard current == .open else { return false }
      current = claim
      return true
    }
  }
}

/// Why the store could not be used, in words for people.
private struct StoreTrouble: Error, LocalizedError {
  let errorDescription: String?

  init(_ why: String) {
    errorDescription = why
  }
}
