import Foundation

/// Where the time comes from. Lifetimes, back-off and deadlines follow it; the time limits of single requests follow the
/// real time.
public protocol CxClock: Sendable {
  /// The moment. It is read on every use of a token: it must be quick.
  var now: Date { get }

  /// Returns at the moment or soon after it; at once when the task is cancelled, then with an error.
  func sleep(until moment: Date) async throws
}

/// The system's clock.
public struct SystemClock: CxClock {
  /// So often a sleeper looks at the clock again: while a device is suspended, timers stand still and the clock goes on.
  private static let lookAgain = 60.0

  /// The system's clock.
  public init() {}

  /// The moment.
  public var now: Date { Date() }

  /// Sleeps, a minute at a time at most.
  public func sleep(until moment: Date) async throws {
    while case let left = moment.timeIntervalSinceNow, left > 0 {
      try await Task.sleep(for: .seconds(min(left, Self.lookAgain)))
    }
  }
}

/// A clock that is moved by hand: in a test, hours pass at once, and nothing depends on how fast the machine is.
///
/// ```swift
/// let clock = ManualClock(Date(timeIntervalSince1970: 1_700_000_000))
/// clock.advance(by: .seconds(3600))
/// ```
public final class ManualClock: CxClock {
  private let state: Protected<State>

  private struct State {
    var now: Date
    var sleepers: [UInt64: Sleeper] = [:]
    var count: UInt64 = 0
  }

  private struct Sleeper {
    let until: Date
    let continuation: CheckedContinuation<Void, any Error>
  }

  /// A clock that shows this moment.
  public init(_ now: Date) {
    state = Protected(State(now: now))
  }

  /// The moment that it shows.
  public var now: Date { state.withLock { $0.now } }

  /// Moves it forward; whoever slept for less wakes up.
  public func advance(by duration: Duration) {
    set(now.addingTimeInterval(duration / .seconds(1)))
  }

  /// Sets it, also back.
  public func set(_ moment: Date) {
    let awake = state.withLock { state in
      state.now = moment
      let due = state.sleepers.filter { $0.value.until <= moment }
      due.keys.forEach { state.sleepers[$0] = nil }
      return due.values.map(\.continuation)
    }
    awake.forEach { $0.resume() }
  }

  /// How many tasks sleep until a later moment than ``now``.
  public var sleepers: Int { state.withLock { $0.sleepers.count } }

  /// Returns once the clock shows the moment.
  public func sleep(until moment: Date) async throws {
    let number = state.withLock { state in
      state.count += 1
      return state.count
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        let result: Result<Void, any Error>? = state.withLock { state in
          // Cancelled before this: the handler found nobody to wake.
          if Task.isCancelled { return .failure(CancellationError()) }
          if moment <= state.now { return .success(()) }
          state.sleepers[number] = Sleeper(until: moment, continuation: continuation)
          return nil
        }
        if let result { continuation.resume(with: result) }
      }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: number) }?.continuation
        .resume(throwing: CancellationError())
    }
  }
}
