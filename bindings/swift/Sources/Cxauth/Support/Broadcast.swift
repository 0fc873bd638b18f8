/// Hands each event to every stream that was asked for. A reader that is far behind misses the oldest ones.
final class Broadcast<Event: Sendable>: Sendable {
  private static var mostBehind: Int { 64 }

  private let state = Protected(State())

  private struct State {
    var count: UInt64 = 0
    var readers: [UInt64: AsyncStream<Event>.Continuation] = [:]
    var isOver = false
  }

  /// A stream of what happens from now on.
  func stream() -> AsyncStream<Event> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Event.self, bufferingPolicy: .bufferingNewest(Self.mostBehind))
    let number: UInt64? = state.withLock { state in
      if state.isOver { return nil }
      state.count &+= 1
      state.readers[state.count] = continuation
      return state.count
    }
    guard let number else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [state] _ in
      _ = state.withLock { $0.readers.removeValue(forKey: number) }
    }
    return stream
  }

  func send(_ event: Event) {
    let readers = state.withLock { $0.readers.values }
    readers.forEach { $0.yield(event) }
  }

  /// Ends every stream.
  func finish() {
    let readers = state.withLock { state in
      state.isOver = true
      return state.readers.values
    }
    readers.forEach { $0.finish() }
  }
}
