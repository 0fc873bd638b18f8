import Foundation
internal import CxauthBridge

/// One session, shared by everybody who needs its token: one renewal for any number of callers.
///
/// The session stands behind a lock that is never held across an `await`. Beside it lies the token in service, which the hot
/// path reads without the session, and the waiters, who look again whenever a flight has ended.
final class Keeper: Sendable {
  /// The hot path notes the time once in so many milliseconds.
  private static let noted = 1000.0

  let clock: any CxClock
  let patience: Duration
  let waiters = Waiters()
  let events = Broadcast<CxEvent>()

  private let session: Session
  /// Up to here the session knows what the hot path noted. The lock makes each use of the session one whole with what
  /// follows from it.
  private let told: Protected<Double>
  private let hot: Protected<Hot>
  private let flying = Protected(0)
  private let performer: Performer

  private struct Hot {
    var current: Current?
    /// The latest moment at which the hot path gave the token out, about a second exact: it counts as asking, and shows
    /// that the clock was set back.
    var notedMs: Double
  }

  init(_ session: Session, openedMs: Double, clock: any CxClock, patience: Duration, performer: Performer) {
    self.session = session
    self.clock = clock
    self.patience = patience
    self.performer = performer
    told = Protected(openedMs)
    hot = Protected(Hot(current: nil, notedMs: openedMs))
  }

  var nowMs: Double { clock.now.unixMilliseconds }

  /// The connection as it stands: nothing happens to the session.
  var connection: CxauthBridge.Connection { session.connection() }
}

// MARK: - The session

extension Keeper {
  /// The hot path: the token in service while nothing is due. It does not cross into Rust.
  var fresh: Current? {
    let now = nowMs
    return hot.withLock { hot in
      guard let current = hot.current, now < current.freshUntilMs else { return nil }
      let since = now - hot.notedMs
      if since > Self.noted { hot.notedMs = now }
      // When the clock was set back, the session has to know.
      return since >= -Self.noted ? current : nil
    }
  }

  /// Does something with the session, shows the token that is in service then, and tells what happened.
  func with<Result>(_ act: (Session, _ nowMs: Double) throws -> Result) rethrows -> Result {
    var happened: [CxEvent] = []
    defer { happened.forEach(events.send) }
    return try told.withLock { told in
      let now = tell(&told)
      defer {
        show(now)
        while let event = CxEvent(session.pollEvent()) { happened.append(event) }
      }
      return try act(session, now)
    }
  }

  /// Tells the session when the hot path was last used, and returns the moment.
  private func tell(_ told: inout Double) -> Double {
    let now = nowMs
    let noted = hot.withLock { hot in
      defer { hot.notedMs = min(hot.notedMs, now) }
      return hot.notedMs
    }
    if noted > told {
      _ = session.bearer(nowMs: noted)
      told = noted
    }
    // Set back: from here on the new time counts.
    told = now < noted ? now : told
    return now
  }

  private func show(_ now: Double) {
    var token: Token?
    // While a renewal is due, whoever asks has to find that out.
    let look = session.look(nowMs: now)
    if look.kind() == .ready, session.state(nowMs: now) == .fresh {
      token = try? look.token()
    }
    hot.withLock { hot in
      guard let token else {
        hot.current = nil
        return
      }
      if hot.current?.isSame(as: token) != true { hot.current = Current(token) }
    }
  }
}

// MARK: - Waiting

extension Keeper {
  /// A usable token, or why there is none. One caller leads, the others wait for the flight's end and look again.
  func acquire() async throws -> Current {
    if let fresh { return fresh }
    let patientUntil = nowMs + patience / .milliseconds(1)
    while true {
      try Task.checkCancellation()
      let turn = waiters.turn
      let acquired = with { session, now in session.acquire(nowMs: now) }
      if acquired.kind() == .lead {
        fly(acquired.flight(), deadlineMs: acquired.deadlineMs())
      }
      if acquired.hasToken() {
        let token = try CxError.catching { try acquired.token() }
        return hot.withLock { $0.current }.flatMap { $0.isSame(as: token) ? $0 : nil } ?? Current(token)
      }
      switch acquired.kind() {
      case .lead, .follow:
        await waiters.wait(since: turn)
      case .wait where (acquired.untilMs() ?? .infinity) <= patientUntil:
        await sleep(untilMs: acquired.untilMs(), orChangeSince: turn)
      default:
        throw try CxError.catching { CxError(try acquired.error()) }
      }
    }
  }

  private func sleep(untilMs: Double?, orChangeSince turn: UInt64) async {
    let (clock, waiters) = (clock, waiters)
    let until = untilMs.map(Date.init(unixMilliseconds:)) ?? .distantFuture
    await first(
      { try? await clock.sleep(until: until) },
      { await waiters.wait(since: turn) })
  }

  /// Starts a flight that goes on whatever becomes of the caller.
  func fly(
    _ flight: UInt32, for purpose: Purpose = .renewal, deadlineMs: Double?, errand: Errand? = nil,
    landed: @escaping @Sendable (_ why: CxError?) -> Void = { _ in }
  ) {
    flying.withLock { $0 += 1 }
    Task.detached { [self] in
      // Whoever still waits then may lead the next one.
      let deadline = Task.detached { [clock, waiters] in
        try await clock.sleep(until: deadlineMs.map(Date.init(unixMilliseconds:)) ?? .distantFuture)
        waiters.wake()
      }
      landed(await lead(flight, for: purpose, errand))
      deadline.cancel()
      flying.withLock { $0 -= 1 }
      waiters.wake()
    }
  }

  /// Performs the flight's steps: the bridge says what to do next, the performer does it. Returns why it brought nothing, if
  /// it did not.
  private func lead(_ flight: UInt32, for purpose: Purpose, _ errand: Errand?) async -> CxError? {
    while true {
      if errand?.isGivenUp == true {
        with { session, now in session.abandon(nowMs: now, flight: flight) }
        return nil
      }
      let step = with { session, now in session.next(nowMs: now, flight: flight) }
      if step.kind() == .done { return (try? step.error()).map(CxError.init) }
      if step.kind() == .pause, !(await pause(untilMs: step.untilMs() ?? 0, errand)) { continue }
      let looks = step.kind() == .lock && purpose != .signOut
      if looks { await look() }
      let outcome = await performer.perform(step, for: purpose, errand)
      if looks, case .failed = outcome { await look() }
      let isSettled = with { session, now in
        outcome.tell(session, nowMs: now, flight: flight)
        return session.look(nowMs: now).kind() == .ready
      }
      // Whoever waits need not wait for what is left to do.
      if isSettled { waiters.wake() }
    }
  }

  /// False when its caller was gone before it was over.
  private func pause(untilMs: Double, _ errand: Errand?) async -> Bool {
    while nowMs < untilMs {
      let turn = waiters.turn
      if errand?.isGivenUp == true { return false }
      await sleep(untilMs: untilMs, orChangeSince: turn)
    }
    return true
  }

  /// Who has nothing to hand out does with what the store holds, whoever has its lock and for how long.
  private func look() async {
    if with({ session, now in session.usable(nowMs: now).hasToken() }) { return }
    guard let stored = await performer.store.look() else { return }
    // What cannot be understood is read again under the lock, and said there.
    let isNewer = with { session, now in (try? session.adopt(nowMs: now, snapshot: stored.reveal())) ?? false }
    if isNewer { waiters.wake() }
  }

  /// Signs out here at once, and then where others must learn of it, whether the caller waits for that or not.
  func signOut() async throws {
    let (outcome, flight) = (
      Protected<Result<Void, CxError>?>(nil), with { session, now in session.leadSignOut(nowMs: now) }
    )
    waiters.wake()
    fly(flight, for: .signOut, deadlineMs: nil) { why in
      outcome.withLock { $0 = why.map(Result.failure) ?? .success(()) }
    }
    while true {
      let turn = waiters.turn
      if let outcome = outcome.withLock({ $0 }) { return try outcome.get() }
      try Task.checkCancellation()
      await waiters.wait(since: turn)
    }
  }

  /// Waits until no flight is under way.
  func settle() async {
    while true {
      let turn = waiters.turn
      if flying.withLock({ $0 == 0 }) || Task.isCancelled { return }
      await waiters.wait(since: turn)
    }
  }
}

// MARK: - Background renewal

extension Keeper {
  /// However far away the next renewal is, the session is looked at once a day.
  private static let day = 86_400_000.0
  /// When the session wants to be woken and then finds nothing to do, it is not asked again at once.
  private static let pause = 1000.0

  /// Renews before anybody needs it, until the task is cancelled.
  func renewInBackground() -> Task<Void, Never> {
    Task.detached { [self] in
      while !Task.isCancelled {
        let turn = waiters.turn
        await sleep(untilMs: takeBackgroundTurn(), orChangeSince: turn)
      }
    }
  }

  private func takeBackgroundTurn() -> Double {
    let (acquired, now) = with { session, now in (session.wake(nowMs: now), now) }
    if acquired.kind() == .lead {
      fly(acquired.flight(), deadlineMs: acquired.deadlineMs())
    }
    let wakeup = with { session, _ in session.nextWakeupMs() }
    return min(max(wakeup ?? .infinity, now + Self.pause), now + Self.day)
  }
}
