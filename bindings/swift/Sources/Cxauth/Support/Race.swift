/// Returns when the first of the two does; the other is cancelled. Both have to return soon after that.
func first(_ one: @escaping @Sendable () async -> Void, _ other: @escaping @Sendable () async -> Void) async {
  await withTaskGroup(of: Void.self) { group in
    group.addTask(operation: one)
    group.addTask(operation: other)
    await group.next()
    group.cancelAll()
  }
}

/// The work was not done in time.
struct TimeLimitExceeded: Error {}

/// Runs work that may not listen when it is cancelled: when its time is over nobody waits for it any longer.
func withTimeLimit<Value: Sendable>(
  _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  let work = Task.detached(operation: work)
  return try await withCheckedThrowingContinuation { continuation in
    let once = Protected(Optional(continuation))
    let take: @Sendable () -> CheckedContinuation<Value, any Error>? = {
      once.withLock { $0.take() }
    }
    let timer = Task.detached {
      try await Task.sleep(for: limit)
      work.cancel()
      take()?.resume(throwing: TimeLimitExceeded())
    }
    Task.detached {
      let result = await work.result
      timer.cancel()
      take()?.resume(with: result)
    }
  }
}
