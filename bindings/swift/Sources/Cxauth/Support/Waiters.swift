/// Whoever waits until something changes: a flight ends, a token is refused, settings change. They look again then; nobody
/// is told a result. Each continuation is resumed exactly once.
final class Waiters: Sendable {
  private let state = Protected(State())

  private struct State {
    var turn: UInt64 = 0
    var count: UInt64 = 0
    var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
  }

  /// What ``wait(since:)`` takes: read it before you look, so that no change goes by in between.
  var turn: UInt64 { state.withLock { $0.turn } }

  /// Has everybody who waits look again.
  func wake() {
    let awake = state.withLock { state in
      state.turn &+= 1
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    awake.forEach { $0.resume() }
  }

  /// Returns when something has changed since `turn`, and at once when the task is cancelled.
  func wait(since turn: UInt64) async {
    let number = state.withLock { state in
      state.count &+= 1
      return state.count
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          // Cancelled before this: the handler found nobody to wake.
          if state.turn != turn || Task.isCancelled { return true }
          state.waiting[number] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
    }
  }
}
