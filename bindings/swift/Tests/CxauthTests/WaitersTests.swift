import Foundation
import Testing

@testable import Cxauth

@Suite("Waiting", .timeLimit(.minutes(1)))
struct WaitersTests {
  @Test func nobodyMissesAChange() async {
    let waiters = Waiters()
    let turn = waiters.turn
    waiters.wake()
    // It has changed already: this returns.
    await waiters.wait(since: turn)
  }

  @Test func everybodyIsWokenOnce() async throws {
    let waiters = Waiters()
    let turn = waiters.turn
    let woken = Protected(0)
    let tasks = (0..<100).map { _ in
      Task {
        await waiters.wait(since: turn)
        woken.withLock { $0 += 1 }
      }
    }
    waiters.wake()
    for task in tasks { await task.value }
    #expect(woken.withLock { $0 } == 100)
  }

  @Test func whoIsCancelledLeaves() async {
    let waiters = Waiters()
    for round in 0..<200 {
      let task = Task { await waiters.wait(since: waiters.turn) }
      // Before it waits, or while it does.
      if round.isMultiple(of: 2) { await Task.yield() }
      task.cancel()
      await task.value
    }
  }

  @Test func aClockMovedByHandWakesWhoIsDue() async throws {
    let clock = ManualClock(Date(timeIntervalSince1970: 0))
    try await clock.sleep(until: .distantPast)
    let early = Task { try await clock.sleep(until: Date(timeIntervalSince1970: 10)) }
    let late = Task { try await clock.sleep(until: Date(timeIntervalSince1970: 20)) }
    try await until { clock.sleepers == 2 }
    clock.advance(by: .seconds(10))
    try await early.value
    #expect(clock.sleepers == 1)
    late.cancel()
    await #expect(throws: CancellationError.self) { try await late.value }
    #expect(clock.sleepers == 0)
    let beforehand = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await clock.sleep(until: .distantFuture)
    }
    await #expect(throws: CancellationError.self) { try await beforehand.value }
  }

  @Test func theSystemsClockSleeps() async throws {
    let clock = SystemClock()
    let until = clock.now.addingTimeInterval(0.02)
    try await clock.sleep(until: until)
    #expect(clock.now >= until)
    try await clock.sleep(until: .distantPast)
  }

  @Test func eachReaderHasEveryEvent() async {
    let broadcast = Broadcast<Int>()
    let (one, two) = (broadcast.stream(), broadcast.stream())
    for number in 0..<10 { broadcast.send(number) }
    broadcast.finish()
    #expect(await one.reduce(into: []) { $0.append($1) } == Array(0..<10))
    #expect(await two.reduce(into: []) { $0.append($1) } == Array(0..<10))
    #expect(await broadcast.stream().reduce(into: []) { $0.append($1) } == [])
  }
}
