import Foundation
import Testing

@testable import Cxauth

@Suite("Many callers, one renewal", .timeLimit(.minutes(2)))
struct SingleFlightTests {
  /// A thousand tasks ask while the answer is held back; all get the token that one request brought.
  private func aThousandAsk(_ world: World, _ cx: CxClient) async throws -> Int {
    try await world.hold()
    let before = try await world.counters().token_requests
    let generations = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<1000 {
        group.addTask { try await cx.token().generation }
      }
      try await world.wait(for: "token_requests", before + 1)
      try await world.clearFaults()
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(generations.count == 1)
    #expect(try await world.counters().token_requests == before + 1)
    return try #require(generations.first)
  }

  @Test func aThousandCallersMakeOneRequest() async throws {
    let world = try await World()
    try await world.configure("generic", ["refresh_tokens": false])
    let cx = try world.client()
    #expect(try await aThousandAsk(world, cx) == 1)
    try await world.pass(7200)
    #expect(try await aThousandAsk(world, cx) == 2)
    try await world.expectNoViolations()
  }

  @Test func aThousandCallersUseARotatingRefreshTokenOnce() async throws {
    let world = try await World()
    let cx = try world.client("generic/password")
    for round in 1...5 {
      #expect(try await aThousandAsk(world, cx) == round)
      try await world.pass(7200)
    }
    let counters = try await world.counters()
    #expect(counters.refresh_requests == 4)
    #expect(counters.reuse_detections == 0)
    try await world.expectNoViolations()
  }

  @Test func aCancelledLeaderLeavesAtOnceAndCancelsNothing() async throws {
    let world = try await World()
    let cx = try world.client()
    try await world.hold()
    let leader = Task { try await cx.token() }
    try await world.wait(for: "token_requests", 1)
    let follower = Task { try await cx.token() }
    leader.cancel()
    // The answer is still held back: whoever waited for it would wait for ever.
    await #expect(throws: CancellationError.self) { try await leader.value }
    try await world.clearFaults()
    #expect(try await follower.value.generation == 1)
    #expect(try await world.counters().token_requests == 1)
  }

  @Test func aCancelledFollowerLeavesAtOnce() async throws {
    let world = try await World()
    let cx = try world.client()
    try await world.hold()
    let leader = Task { try await cx.token() }
    try await world.wait(for: "token_requests", 1)
    let followers = (0..<10).map { _ in Task { try await cx.token() } }
    for follower in followers {
      follower.cancel()
      await #expect(throws: CancellationError.self) { try await follower.value }
    }
    try await world.clearFaults()
    #expect(try await leader.value.generation == 1)
  }

  @Test func whenTheLastCallerIsGoneTheResultIsKept() async throws {
    let world = try await World()
    let cx = try world.client()
    try await world.hold()
    let caller = Task { try await cx.token() }
    try await world.wait(for: "token_requests", 1)
    caller.cancel()
    await #expect(throws: CancellationError.self) { try await caller.value }
    try await world.clearFaults()
    await cx.settle()
    #expect(cx.currentToken?.generation == 1)
    #expect(try await cx.token().generation == 1)
    #expect(try await world.counters().token_requests == 1)
  }

  @Test func aCallerThatIsCancelledBeforehandStartsNothing() async throws {
    let world = try await World()
    let cx = try world.client()
    let caller = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await cx.token()
    }
    await #expect(throws: CancellationError.self) { try await caller.value }
    #expect(try await world.counters().token_requests == 0)
  }

  @Test func aTransportErrorLeavesNoFollowerHanging() async throws {
    let world = try await World()
    let cx = try world.client()
    try await world.arm(["kind": "hold"], at: tokens, times: 1)
    try await world.arm(["kind": "drop"], at: tokens, times: 1)
    let callers = (0..<100).map { _ in Task { try await failure { try await cx.token() } } }
    try await world.wait(for: "token_requests", 1)
    try await world.release()
    for caller in callers {
      let error = try await caller.value
      #expect(error.code == .interrupted)
      #expect(error.action == .retry)
      #expect(error.explanation.contains("URLError"), "\(error)")
    }
    #expect(try await world.counters().token_requests == 1)
    try await world.pass(2)
    #expect(try await cx.token().generation == 1)
  }

  @Test func aRenewalThatHangsIsLedByAnotherAfterItsDeadline() async throws {
    let world = try await World()
    let cx = try world.client()
    try await world.hold(times: 1)
    let callers = (0..<10).map { _ in Task { try await cx.token().generation } }
    try await world.wait(for: "token_requests", 1)
    try await world.pass(61)
    for caller in callers {
      #expect(try await caller.value == 1)
    }
    #expect(try await world.counters().token_requests == 2)
    // The late answer of the first one changes nothing.
    try await world.release()
    await cx.settle()
    #expect(try await cx.token().generation == 1)
    #expect(try await world.counters().token_requests == 2)
  }

  @Test func signingOutForgetsTheTokenAndDropsWhatIsUnderWay() async throws {
    let world = try await World()
    let cx = try world.client()
    #expect(try await cx.token().generation == 1)
    try await cx.signOut()
    #expect(cx.currentToken == nil)
    #expect(cx.status.state == .empty)
    try await world.hold()
    let caller = Task { try await cx.token() }
    try await world.wait(for: "token_requests", 2)
    try await cx.signOut()
    // The caller looks again and leads a renewal of its own; the answer of the first one is dropped.
    try await world.wait(for: "token_requests", 3)
    try await world.clearFaults()
    let token = try await caller.value
    await cx.settle()
    #expect(try await cx.token().generation == token.generation)
    #expect(try await world.counters().token_requests == 3)
  }

  @Test func whileATokenIsFreshTheBridgeIsNotAsked() async throws {
    let world = try await World()
    let cx = try world.client()
    #expect(try await cx.token().generation == 1)
    cx.signOutBehindItsBack()
    #expect(cx.currentToken?.generation == 1)
    #expect(try await cx.token().generation == 1)
    try await world.pass(3000)
    // Its renewal is due: whoever asks goes to the bridge, which has none.
    #expect(cx.currentToken == nil)
    #expect(try await cx.token().generation == 2)
  }

  @Test func whoHasAUsableTokenDoesNotWaitForTheNextOne() async throws {
    let world = try await World()
    let cx = try world.client()
    #expect(try await cx.token().generation == 1)
    try await world.pass(3000)
    try await world.hold()
    #expect(try await cx.token().generation == 1)
    try await world.wait(for: "token_requests", 2)
    #expect(try await cx.token().generation == 1)
    #expect(cx.status.state == .renewingEarly)
    try await world.clearFaults()
    await cx.settle()
    #expect(try await cx.token().generation == 2)
    #expect(try await world.counters().token_requests == 2)
  }

  @Test func aUsableTokenSurvivesAnOutage() async throws {
    let world = try await World()
    let cx = try world.client()
    var events = cx.events.makeAsyncIterator()
    #expect(try await cx.token().generation == 1)
    #expect(await events.next()?.kind == .renewed)
    try await world.pass(3000)
    try await world.arm(["kind": "status", "status": 503])
    for _ in 0..<60 {
      #expect(try await cx.token().generation == 1)
      await cx.settle()
      try await world.pass(5)
    }
    #expect(try await world.counters().token_requests < 20)
    let degraded = await events.next()
    #expect(degraded?.kind == .degraded)
    #expect(degraded?.error?.code == .serverUnavailable)
    #expect(cx.status.token?.generation == 1)
    try await world.clearFaults()
    try await world.pass(900)
    #expect(try await cx.token().generation == 2)
  }

  @Test func aWaitComesAtOnceOrIsWaitedForWithPatience() async throws {
    let world = try await World()
    try await world.arm(["kind": "rate_limit", "status": 429, "retry_after": ["seconds": 30]], times: 2)
    let hasty = try world.client()
    let error = try await failure { try await hasty.token() }
    #expect(error.code == .rateLimited)
    #expect(error.action == .retry)
    #expect(error.status == 429)
    let retryAt = try #require(error.retryAt)
    #expect(abs(retryAt.timeIntervalSince(world.clock.now) - 30) < 0.002)
    #expect(hasty.status.error?.code == .rateLimited)
    #expect(hasty.status.state == .waiting)

    let patient = try world.client { $1.patience = .seconds(3600) }
    let caller = Task { try await patient.token().generation }
    try await world.wait(for: "token_requests", 2)
    await patient.settle()
    try await until { world.clock.sleepers > 0 }
    try await world.pass(31)
    #expect(try await caller.value == 1)
    #expect(try await world.counters().token_requests == 3)
  }

  @Test func aPatientCallerCanBeCancelled() async throws {
    let world = try await World()
    try await world.arm(["kind": "rate_limit", "status": 429, "retry_after": ["seconds": 30]], times: 1)
    let cx = try world.client { $1.patience = .seconds(3600) }
    let caller = Task { try await cx.token() }
    try await world.wait(for: "token_requests", 1)
    await cx.settle()
    try await until { world.clock.sleepers > 0 }
    caller.cancel()
    await #expect(throws: CancellationError.self) { try await caller.value }
  }

  @Test func aVerdictIsNotAskedAgain() async throws {
    let world = try await World()
    let cx = try world.client("generic/password") { connection, _ in connection.password = "cxauth-canary-wrong" }
    for _ in 0..<5 {
      let error = try await failure { try await cx.token() }
      #expect(error.code == .invalidGrant)
      #expect(error.action == .signIn)
      #expect(error.serverError == "invalid_grant")
      try await world.pass(86_400)
    }
    #expect(try await world.counters().token_requests == 1)
    #expect(cx.status.error?.code == .invalidGrant)
    #expect(cx.status.state == .denied)
  }

  @Test func aClockThatIsSetBackLengthensNoLife() async throws {
    let world = try await World()
    let cx = try world.client()
    _ = try await cx.token()
    for _ in 0..<4 {
      try await world.pass(500)
      #expect(try await cx.token().generation == 1)
    }
    #expect(try await world.counters().token_requests == 1)
    // Only the client's clock: the server's goes on.
    world.clock.set(world.clock.now.addingTimeInterval(-1500))
    #expect(try await cx.token().generation == 1)
    await cx.settle()
    #expect(try await cx.token().generation == 2)
    #expect(try await world.counters().token_requests == 2)
  }

  @Test func backgroundRenewsBeforeAnybodyAsksAndStopsWhenNobodyDoes() async throws {
    let world = try await World()
    let cx = try world.client { $1.renewsInBackground = true }
    for round in 1...3 {
      // The hot path is asking too.
      #expect(try await cx.token().generation == round)
      await cx.settle()
      // Its two sleepers: until the next renewal, and for what is under way none.
      try await until { world.clock.sleepers == 1 }
      try await world.pass(2900)
      try await world.wait(for: "token_requests", round + 1)
      await cx.settle()
    }
    while cx.status.nextWakeup != nil {
      try await until { world.clock.sleepers >= 1 }
      try await world.pass(1000)
      await cx.settle()
    }
    let quiet = try await world.counters().token_requests
    #expect(quiet <= 7, "\(quiet) requests although nobody asked")
    try await world.pass(100_000)
    #expect(cx.currentToken == nil)
    #expect(try await world.counters().token_requests == quiet)
    #expect(try await cx.token().generation > 3)
  }

  @Test func backgroundEndsWithTheClient() async throws {
    let world = try await World()
    var cx: CxClient? = try world.client { $1.renewsInBackground = true }
    _ = try await cx?.token()
    await cx?.settle()
    let events = try #require(cx?.events)
    try await until { world.clock.sleepers == 1 }
    weak var keeper = cx?.keeper
    cx = nil
    // The stream ends, nobody sleeps for a renewal any more, and nothing is left of the session.
    for await _ in events {}
    try await until { world.clock.sleepers == 0 && keeper == nil }
  }

  @Test func nobodyWaitsForEver() async throws {
    let world = try await World()
    let effects: [JSON] = [
      ["kind": "drop"], ["kind": "status", "status": 500], ["kind": "truncate", "keep": 5],
      ["kind": "oauth_error", "status": 400, "error": "temporarily_unavailable"],
    ]
    for (nth, effect) in effects.enumerated() {
      try await world.arm(effect, at: ["token"], on: "generic", fraction: 1 / Double(nth + 3))
    }
    let cx = try world.client()
    var tokens = 0
    for round in 0..<60 {
      let callers = (0..<20).map { _ in Task { try await cx.token() } }
      callers[round % 20].cancel()
      callers[(round * 7) % 20].cancel()
      for caller in callers where (try? await caller.value) != nil {
        tokens += 1
      }
      try await world.pass(400)
    }
    #expect(tokens > 400, "\(tokens)")
    try await world.clearFaults()
    try await world.pass(4000)
    _ = try await cx.token()
    try await world.expectNoViolations()
  }
}
