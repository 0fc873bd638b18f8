import Foundation
import Testing

@testable import Cxauth

@Suite("Tokens that outlive a client, and clients that share them", .timeLimit(.minutes(2)))
struct StoreTests {
  private let kept = MemoryStore()

  private func client(
    _ world: World, _ name: String = "generic", in store: (any Store)? = nil, patience: Duration = .seconds(20),
    revocation: URL? = nil
  ) throws -> CxClient {
    try world.client(name) { connection, options in
      options.store = store ?? kept
      options.lockPatience = patience
      connection.revocationEndpoint = revocation
    }
  }

  /// Somebody else holds the lock while this happens.
  private func whileHeld(_ act: () async throws -> Void) async throws {
    #expect(try await kept.lock(within: .seconds(60)))
    let result: Result<Void, any Error>
    do {
      result = .success(try await act())
    } catch {
      result = .failure(error)
    }
    try await kept.unlock()
    try result.get()
  }

  private func storeFailure(_ cx: CxClient) async throws -> CxError {
    let error = try await failure { try await cx.token() }
    #expect(error.code == .storeUnavailable)
    #expect(error.action == .retry)
    return error
  }

  @Test func clientsThatShareAStoreMakeOneTokenRequestARound() async throws {
    let world = try await World()
    let clients = try (0..<4).map { _ in try client(world, "generic/password") }
    for round in 1...3 {
      try await world.hold()
      let seen = try await withThrowingTaskGroup(of: String.self) { group in
        for cx in clients {
          group.addTask { try await cx.token().value.reveal() }
        }
        try await world.wait(for: "token_requests", round)
        try await world.clearFaults()
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(seen.count == 1)
      for cx in clients { await cx.settle() }
      #expect(try await world.counters().token_requests == round)
      try await world.pass(7200)
    }
    let counters = try await world.counters()
    #expect(counters.refresh_requests == 2)
    #expect(counters.reuse_detections == 0)
    #expect(kept.state.withLock { $0.locks == $0.unlocks })
    try await world.expectNoViolations()
  }

  @Test func aNewProcessGoesOnWithWhatTheOldOneSaved() async throws {
    let world = try await World()
    let token = try await client(world, "generic/password").token().value.reveal()
    #expect(try await client(world, "generic/password").token().value.reveal() == token)
    #expect(try await world.counters().token_requests == 1)
    try await world.pass(7200)
    #expect(try await client(world, "generic/password").token().value.reveal() != token)
    #expect(try await world.counters().token_requests == 2)
    #expect(try await world.counters().refresh_requests == 1)
    try await world.expectNoViolations()
  }

  @Test func aLockThatSomebodyHoldsIsAnErrorAfterAWhileAndNothingWasSent() async throws {
    let world = try await World()
    let cx = try client(world, patience: .milliseconds(50))
    try await whileHeld {
      let error = try await storeFailure(cx)
      #expect(error.explanation.contains("held the store's lock"))
    }
    #expect(try await world.counters().token_requests == 0)
    try await world.pass(2)
    #expect(try await cx.token().generation == 1)
  }

  @Test func aUsableTokenServesWhileSomebodyHoldsTheLockInANewProcessToo() async throws {
    let world = try await World()
    let cx = try client(world, "generic/password", patience: .milliseconds(50))
    let token = try await cx.token().value.reveal()
    await cx.settle()
    try await world.pass(3000)
    #expect(cx.status.state == .due)
    // Its patience is far longer than this test may take: it does with what it sees.
    let another = try client(world, "generic/password", in: Stubborn(kept))
    try await whileHeld {
      let (here, there) = (try await cx.token(), try await another.token())
      #expect([here, there].map { $0.value.reveal() } == [token, token])
      await cx.settle()
      #expect(cx.status.state == .degraded)
    }
    #expect(try await world.counters().token_requests == 1)
  }

  /// A store whose lock nobody ever gets, and nobody who asks for it hears so.
  private struct Stubborn: Store {
    let store: MemoryStore

    init(_ store: MemoryStore) { self.store = store }

    func lock(within timeout: Duration) async throws -> Bool {
      try await Task.sleep(for: .seconds(3600))
      return false
    }

    func load() async throws -> Secret? { try await store.load() }
    func save(_ snapshot: Secret, generation: Int) async throws {}
    func unlock() async throws {}
    func putAside() async throws {}
  }

  @Test func aSetThatCannotBeSavedServesFromMemoryAndAnEventSaysSo() async throws {
    let world = try await World()
    let cx = try client(world)
    var events = cx.events.makeAsyncIterator()
    kept.state.withLock { $0.failingSaves = 1000 }
    #expect(try await cx.token().generation == 1)
    await cx.settle()
    #expect(kept.state.withLock { $0.content } == nil)
    var event = await events.next()
    while let seen = event, seen.kind != .degraded { event = await events.next() }
    #expect(event?.error?.code == .storeUnavailable)
    let explanation = event?.error?.explanation ?? ""
    #expect(explanation.contains("the disk is full"))
    kept.state.withLock { $0.failingSaves = 0 }
    try await world.pass(7200)
    #expect(try await cx.token().generation == 2)
    await cx.settle()
    #expect(kept.state.withLock { $0.generation } == 2)
    #expect(kept.state.withLock { $0.locks == $0.unlocks })
  }

  @Test func aRefreshTokenIsNotSentWhereTheStoreTakesNothing() async throws {
    let world = try await World()
    let cx = try client(world, "generic/password")
    _ = try await cx.token()
    await cx.settle()
    try await world.pass(7200)
    kept.state.withLock { $0.failingSaves = 1000 }
    _ = try await storeFailure(cx)
    #expect(try await world.counters().refresh_requests == 0)
    kept.state.withLock { $0.failingSaves = 0 }
    try await world.pass(60)
    #expect(try await cx.token().generation == 2, "nothing was lost")
  }

  enum Damage: CaseIterable, Sendable {
    case garbage
    case cutOff
    case brokenSeal
  }

  @Test(arguments: Damage.allCases)
  func whatIsDamagedIsPutAsideAndNobodyIsSignedOut(damage: Damage) async throws {
    let world = try await World()
    let before = try client(world)
    _ = try await before.token()
    await before.settle()
    let damaged = kept.state.withLock { state in
      switch damage {
      case .garbage: state.content = Secret("cxauth-canary-garbage")
      case .cutOff: state.content = (state.content?.reveal().dropLast(20)).map { Secret(String($0)) }
      case .brokenSeal: state.brokenSeal = "its seal is broken"
      }
      return state.content?.reveal()
    }
    let cx = try client(world)
    let events = cx.events
    let error = try await storeFailure(cx)
    #expect(error.explanation.contains("put aside"))
    #expect(!"\(error)".contains("canary"))
    #expect(kept.state.withLock { $0.aside.last?.reveal() } == damaged)
    try await world.pass(2)
    _ = try await cx.token()
    cx.keeper.events.finish()
    var kinds: [CxEvent.Kind] = []
    for await event in events { kinds.append(event.kind) }
    #expect(kinds.contains(.renewed))
    #expect(!kinds.contains(.signedOut))
  }

  @Test func whatANewerVersionWroteStaysWhereItIs() async throws {
    let world = try await World()
    let before = try client(world)
    _ = try await before.token()
    await before.settle()
    let newer = kept.state.withLock { state in
      let text = state.content?.reveal().replacingOccurrences(of: "\"cxauth\":1,", with: "\"cxauth\":199,") ?? ""
      state.content = Secret(text)
      return text
    }
    #expect(newer.contains("\"cxauth\":199,"))
    let error = try await storeFailure(client(world))
    #expect(error.explanation.contains("newer"))
    #expect(kept.state.withLock { $0.content?.reveal() } == newer)
    #expect(try await world.counters().token_requests == 1)
  }

  @Test func signingOutEmptiesTheStoreAndWhoeverSharesItIsSignedOutAtItsNextLook() async throws {
    let world = try await World()
    let endpoint = try world.url("generic", "/revoke")
    let here = try client(world, "generic/password", revocation: endpoint)
    let there = try client(world, "generic/password", revocation: endpoint)
    let token = try await here.token().value.reveal()
    #expect(try await there.token().value.reveal() == token)
    try await here.signOut()
    #expect(try await world.counters().requests == 3, "one for the tokens, two that ended them")
    let secrets = try JSONDecoder().decode([String].self, from: await world.simulator.steer("/secrets"))
    let stored = try #require(kept.state.withLock { $0.content?.reveal() })
    #expect(!secrets.contains { stored.contains($0) })
    try await world.pass(7200)
    #expect(try await failure { try await there.token() }.action == .signIn)
    #expect(try await world.counters().refresh_requests == 0)
  }

  /// A store whose lock is slower than it promised, and which does not listen when it is cancelled.
  private final class Slow: Store {
    let store: MemoryStore
    let gate = Waiters()
    let isOpen = Protected(false)

    init(_ store: MemoryStore) { self.store = store }

    func lock(within timeout: Duration) async throws -> Bool {
      await Task.detached { [self] in
        while case let turn = gate.turn, !isOpen.withLock({ $0 }) { await gate.wait(since: turn) }
        return (try? await store.lock(within: .seconds(60))) ?? false
      }.value
    }

    func open() {
      isOpen.withLock { $0 = true }
      gate.wake()
    }

    func load() async throws -> Secret? { try await store.load() }
    func save(_ snapshot: Secret, generation: Int) async throws {
      try await store.save(snapshot, generation: generation)
    }
    func unlock() async throws { try await store.unlock() }
    func putAside() async throws { try await store.putAside() }
  }

  @Test func aStoreThatDoesNotAnswerStopsNobodyForEverAndALockThatComesLateIsGivenBack() async throws {
    let world = try await World()
    let slow = Slow(kept)
    let cx = try client(world, in: slow, patience: .milliseconds(50))
    let error = try await storeFailure(cx)
    #expect(error.explanation.contains("did not answer"))
    slow.open()
    try await until { kept.state.withLock { $0.unlocks } == 1 }
    try await world.pass(2)
    #expect(try await cx.token().generation == 1)
  }
}
