import CxauthBridge
import Foundation

/// One process: a session with its flights and tokens by the names that the scenario gives them.
struct Player {
  /// No two of a scenario have the same.
  let process: Int

  private let shared: Shared
  private var settings: [String: JSON]
  private let epochMs: Double
  private var at: Double
  private var session: Session?
  private var error: AuthError?
  private var flights: [Flight] = []
  /// The flights that wait for the store's lock.
  private var waiting: Set<UInt32> = []
  /// The flights that do nothing for a while.
  private var pausing: Set<UInt32> = []
  /// The flights that sign out.
  private var leaving: Set<UInt32> = []
  /// The flights that sign somebody in.
  private var signingIn: Set<UInt32> = []
  /// What went out with their requests.
  private var states: [UInt32: String] = [:]
  /// Whether the client's key can sign in this step.
  private var signs = true
  private var tokens: [String: Double] = [:]
  private var handedOut: Double?

  /// A flight that the scenario can name.
  private struct Flight {
    let name: String?
    /// None for a flight of a session that is gone.
    var number: UInt32?
  }

  /// Opens it at `start`, in seconds from the scenario's start.
  init(_ shared: Shared, start: Double) throws {
    self.shared = shared
    process = shared.number()
    settings = shared.settings
    epochMs = Self.millis(shared.epoch)
    at = start
    try open()
  }

  /// The names of the events since this was last called.
  func events() -> JSON {
    var names: [JSON] = []
    while let name = session?.pollEvent().kind().name {
      names.append(.text(name))
    }
    return .array(names)
  }

  /// When background work is next due.
  func wakeup() -> JSON {
    seconds(session?.nextWakeupMs())
  }

  /// Performs one step and returns its outcome. It throws for a mistake in the scenario.
  mutating func perform(_ step: Step) throws -> JSON {
    at = step.at
    signs = step.signs
    switch step.action {
    case .acquire(let name): return try acquire(name)
    case .wake(let name): return try session.map { try acquired($0.wake(nowMs: now), name) } ?? .null
    case .peek: return try session.map { try acquired($0.bearer(nowMs: now), nil) } ?? .null
    case .finish(let result, let of, let name): return try finish(result, of, name)
    case .signIn(let redirect, let isOnDevice, let name): return try signIn(redirect, isOnDevice: isOnDevice, name)
    case .redirect(let url, let of, let name): return try redirect(url, of, name)
    case .goOn(let of, let name): return try wakeUp(of, name)
    case .giveUp(let of, let name):
      return try conclude(try waiting(of), name) { session, now, number in
        session.doneFailed(nowMs: now, flight: number, failure: .connect)
      }
    case .abandon(let of):
      if let number = try flight(of) { abandon(number) }
      return .null
    case .refuse(let status, let fields, let body, let of):
      let refusal = try present().refused(
        nowMs: now, generation: try generation(of), status: status, wwwAuthenticate: fields, bodyStart: body)
      return .text(refusal == .retry ? "retry" : "leave")
    case .outage(let until, let every, let result): return try outage(until, every, result)
    case .changeSecret(let changes): return try change(changes)
    case .save(let name):
      shared.snapshots[name] = session?.snapshot()
      return .null
    case .restart(let of, let text): return try restart(try of.map(snapshot) ?? text ?? "")
    case .adopt(let of):
      let text = try snapshot(of)
      try mistake { _ = try session?.adopt(nowMs: now, snapshot: text) }
      return .null
    case .signOut(let name): return try signOut(name)
    case .changeStore, .end: throw ScenarioError("this is no step of a process")
    }
  }
}

// MARK: - Steps

extension Player {
  private mutating func acquire(_ name: String?) throws -> JSON {
    if let session { return try acquired(session.acquire(nowMs: now), name) }
    // A connection that is wrong in itself comes out of the first acquire.
    return error.map { denied(ErrorKeys($0)) } ?? .null
  }

  private mutating func acquired(_ acquired: Acquired, _ name: String?) throws -> JSON {
    let token = acquired.hasToken() ? try acquired.token() : nil
    switch acquired.kind() {
    case .ready: return .object(["token": handOut(token, name)])
    case .lead: return try goOn(acquired.flight(), name)
    case .follow: return .object(["follow": .object(["token": handOut(token, name)])])
    case .wait: return wait(acquired.untilMs(), ErrorKeys(try acquired.error()))
    case .denied: return denied(ErrorKeys(try acquired.error()))
    case .nothing: return .null
    }
  }

  private mutating func finish(_ result: Action.Result, _ of: String?, _ name: String?) throws -> JSON {
    guard let number = try flight(of) else { return .null }
    if waiting.contains(number) { throw ScenarioError("the flight waits for the lock and has sent nothing") }
    if pausing.contains(number) { throw ScenarioError("the flight pauses and has sent nothing") }
    return try conclude(number, name) { session, now, number in
      switch result {
      case .answer(let answer):
        session.doneAnswer(
          nowMs: now, flight: number, status: answer.status, headerNames: answer.headerNames,
          headerValues: answer.headerValues, body: answer.body)
      case .failure(let failure):
        session.doneFailed(nowMs: now, flight: number, failure: failure)
      }
    }
  }

  private mutating func abandon(_ number: UInt32) {
    session?.abandon(nowMs: now, flight: number)
    pausing.remove(number)
    shared.store?.unlock(holder(number))
  }

  /// With a store it is a flight.
  private mutating func signOut(_ name: String?) throws -> JSON {
    guard let session else { return .null }
    if shared.store == nil {
      session.signOut(nowMs: now)
      return .null
    }
    let number = session.leadSignOut(nowMs: now)
    leaving.insert(number)
    // It has its name also where it is over at once.
    remember(number, name)
    return try goOn(number, nil)
  }

  private mutating func signIn(_ redirectURI: String?, isOnDevice: Bool, _ name: String?) throws -> JSON {
    let entropy = isOnDevice ? Data() : shared.entropyOfSignIn()
    return try beginSignIn(name) { session, now in
      isOnDevice
        ? try session.leadDeviceSignIn(nowMs: now)
        : try session.leadAuthorization(nowMs: now, entropy: entropy, redirectUri: redirectURI)
    }
  }

  private mutating func redirect(_ url: String, _ of: String?, _ name: String?) throws -> JSON {
    let kept = try shared.signIns.find(of)
    let url = url.replacingOccurrences(of: "{state}", with: kept.state)
    return try beginSignIn(name) { try $0.leadCode(nowMs: $1, signIn: kept.text, redirect: url) }
  }

  /// A flight that nobody follows, where one begins. One that is over at once has no name.
  private mutating func beginSignIn(
    _ name: String?, _ begin: (Session, _ now: Double) throws -> UInt32
  ) throws -> JSON {
    guard let session else { return error.map { denied(ErrorKeys($0)) } ?? .null }
    let number: UInt32
    do {
      number = try begin(session, now)
    } catch let error as AuthError {
      return denied(ErrorKeys(error))
    }
    signingIn.insert(number)
    return try conclude(number, name) { _, _, _ in }
  }

  /// It tries again to get the lock, or looks whether its pause is over.
  private mutating func wakeUp(_ of: String?, _ name: String?) throws -> JSON {
    guard let number = try flight(of), waiting.contains(number) || pausing.contains(number) else {
      throw ScenarioError("the flight does not wait for the lock, and does not pause")
    }
    if pausing.contains(number) {
      return try conclude(number, name) { session, now, number in session.done(nowMs: now, flight: number) }
    }
    return signingIn.contains(number) ? try conclude(number, name) { _, _, _ in } : try goOn(number, name)
  }

  private mutating func outage(_ until: Double, _ every: Double, _ result: Action.Result) throws -> JSON {
    let start = at
    var (requests, turn) = (0, 0.0)
    while start + turn * every < until {
      at = start + turn * every
      var outcome = try acquire(nil)
      while outcome.object?["lead"] != nil {
        requests += 1
        outcome = try finish(result, nil, nil)
      }
      turn += 1
    }
    return .object(["requests": .integer(Int64(requests))])
  }

  private mutating func change(_ changes: [String: JSON]) throws -> JSON {
    settings = Connections.changed(settings, changes)
    if let session {
      try mistake { try session.change(nowMs: now, json: JSON.object(changes).written) }
    } else {
      try open()
    }
    return .null
  }

  private mutating func restart(_ text: String) throws -> JSON {
    do {
      let connection = try Connections.open(settings)
      session = try restoreSession(
        connection: connection, nowMs: now, entropy: shared.entropy(), store: shared.store != nil, snapshot: text)
    } catch let error as AuthError {
      return denied(ErrorKeys(error))
    }
    shared.store?.release(process)
    for index in flights.indices { flights[index].number = nil }
    waiting = []
    pausing = []
    leaving = []
    signingIn = []
    states = [:]
    return .null
  }

  private mutating func open() throws {
    do {
      let connection = try Connections.open(settings)
      session = openSession(
        connection: connection, nowMs: now, entropy: shared.entropy(), store: shared.store != nil)
    } catch let error as AuthError {
      self.error = error
    }
  }

  /// What the bridge refuses here is a mistake in the scenario.
  private func mistake(_ run: () throws -> Void) throws {
    do {
      try run()
    } catch let AuthError.Failed(_, _, explanation, _, _, _, _) {
      throw ScenarioError(explanation)
    }
  }
}

// MARK: - Flights

extension Player {
  /// Performs a flight's steps up to the one that the scenario answers, or to the lock that somebody else has, or to the
  /// flight's end.
  private mutating func goOn(_ number: UInt32, _ name: String?) throws -> JSON {
    try moved(number, name) { player, step in try player.settled(step, name) }
  }

  /// The same after the session was told how the flight's step went.
  private mutating func conclude(
    _ number: UInt32, _ name: String?, _ tell: (Session, _ now: Double, UInt32) -> Void
  ) throws -> JSON {
    let session = try present()
    let before = try snapshotGeneration(snapshot: session.snapshot())
    tell(session, now, number)
    return try moved(number, name) { player, step in
      let after = try snapshotGeneration(snapshot: session.snapshot())
      // Nobody followed a sign-in, so that what went wrong with it is told even while a token serves.
      if player.signingIn.contains(number), step.hasError() { return try player.left(step) }
      if after > before {
        for flight in player.flights where flight.number == number {
          if let name = flight.name { player.tokens[name] = after }
        }
      } else if !step.hasError() {
        // Dropped: neither a token nor an error came of it.
        return .null
      }
      return try player.settled(step, name)
    }
  }

  private mutating func moved(
    _ number: UInt32, _ name: String?, over: (inout Player, CxauthBridge.Step) throws -> JSON
  ) throws -> JSON {
    var prompt: [String: JSON]?
    guard let step = try performUnseen(number, show: { prompt = $0 }) else {
      waiting.insert(number)
      remember(number, name)
      return .object(["locked": .object(["token": try handOutUsable()])])
    }
    waiting.remove(number)
    pausing.remove(number)
    switch step.kind() {
    case .done:
      shared.store?.unlock(holder(number))
      return leaving.contains(number) ? try left(step) : try over(&self, step)
    case .authorize: return try authorized(number, step, name)
    case .pause:
      pausing.insert(number)
      remember(number, name)
      return paused(until: seconds(step.untilMs()), prompt)
    default:
      remember(number, name)
      let request = step.kind() == .send ? Outgoing(try step.request()) : nil
      if signingIn.contains(number), let state = request?.state { states[number] = state }
      return .object(["lead": .object(["token": try handOutUsable(), "request": request?.value ?? .null])])
    }
  }

  /// The flight is over, and what is kept of its sign-in goes by its names.
  private func authorized(_ number: UInt32, _ step: CxauthBridge.Step, _ name: String?) throws -> JSON {
    let session = try present()
    let authorization = Outgoing(authorization: step)
    let names = Set(flights.filter { $0.number == number }.compactMap(\.name) + [name].compactMap { $0 })
    try shared.signIns.keep(names, state: authorization.state ?? states[number], text: step.signIn())
    session.done(nowMs: now, flight: number)
    let last = session.next(nowMs: now, flight: number)
    if last.kind() != .done || last.hasError() { throw ScenarioError("the flight goes on: \(last.kind())") }
    return .object(["authorize": authorization.value])
  }

  private func paused(until: JSON, _ prompt: [String: JSON]?) -> JSON {
    guard let prompt else { return .object(["pause": .object(["until": until])]) }
    return .object(["prompt": .object(prompt.merging(["ask_at": until]) { _, until in until })])
  }

  /// Performs a flight's steps that the scenario does not see, and returns the one that comes then; nil when somebody else
  /// has the lock.
  private func performUnseen(_ number: UInt32, show: ([String: JSON]) -> Void) throws -> CxauthBridge.Step? {
    let session = try present()
    while true {
      let step = session.next(nowMs: now, flight: number)
      switch step.kind() {
      case .send, .provide, .authorize, .pause, .done: return step
      case .prompt:
        show(prompt(step))
        session.done(nowMs: now, flight: number)
        continue
      case .sign:
        if signs {
          session.doneSignature(nowMs: now, flight: number, signature: Data([1, 2, 3]))
        } else {
          session.doneFailed(nowMs: now, flight: number, failure: .connect)
        }
        continue
      default: break
      }
      guard let store = shared.store else { throw ScenarioError("a step that no scenario has: \(step.kind())") }
      do {
        if !(try perform(step, at: store, number, session)) { return nil }
      } catch is Store.Failure {
        session.doneFailed(nowMs: now, flight: number, failure: .connect)
      }
    }
  }

  private func prompt(_ step: CxauthBridge.Step) -> [String: JSON] {
    [
      "user_code": JSON(step.userCode()), "verification_uri": JSON(step.verificationUri()),
      "verification_uri_complete": JSON(step.verificationUriComplete()), "expires_at": seconds(step.untilMs()),
    ]
  }

  /// Performs one at the store; false when somebody else has the lock.
  private func perform(
    _ step: CxauthBridge.Step, at store: Store, _ number: UInt32, _ session: Session
  ) throws -> Bool {
    switch step.kind() {
    case .lock:
      if !(try store.lock(holder(number))) { return false }
      session.done(nowMs: now, flight: number)
    case .load:
      try session.doneLoaded(nowMs: now, flight: number, snapshot: store.load())
    case .save:
      try store.save(step.snapshot(), holder(number))
      session.done(nowMs: now, flight: number)
    case .unlock:
      store.unlock(holder(number))
      session.done(nowMs: now, flight: number)
    default: throw ScenarioError("a step that no scenario has: \(step.kind())")
    }
    return true
  }

  /// What the leader finds when its flight is over.
  private mutating func settled(_ step: CxauthBridge.Step, _ name: String?) throws -> JSON {
    let session = try present()
    let (usable, found) = (session.usable(nowMs: now), session.look(nowMs: now))
    if usable.hasToken() { return .object(["token": handOut(try usable.token(), name)]) }
    if found.kind() != .nothing { return try acquired(found, name) }
    if !step.hasError() { return .null }
    // Where nothing holds back the next attempt, the flight's own error is what its leader hears.
    let details = try step.error()
    let error = ErrorKeys(details)
    return error.action == "retry" ? wait(details.retryAtMs(), error) : denied(error)
  }

  /// What did not work is told, whatever is to be done about it.
  private func left(_ step: CxauthBridge.Step) throws -> JSON {
    step.hasError() ? denied(ErrorKeys(try step.error())) : .null
  }

  private func holder(_ number: UInt32) -> Store.Holder {
    Store.Holder(process: process, flight: number)
  }

  private mutating func remember(_ number: UInt32, _ name: String?) {
    flights.removeAll { $0.name == nil && $0.number == number }
    flights.append(Flight(name: name, number: number))
  }
}

// MARK: - Names

extension Player {
  private func present() throws -> Session {
    guard let session else { throw ScenarioError("there is no session: \(error.map { "\($0)" } ?? "")") }
    return session
  }

  private func flight(_ of: String?) throws -> UInt32? {
    guard let flight = flights.last(where: { of == nil || $0.name == of }) else {
      throw ScenarioError(of.map { "`of`: there is no flight \($0)" } ?? "there is no flight")
    }
    return flight.number
  }

  /// A flight that came out as `locked`.
  private func waiting(_ of: String?) throws -> UInt32 {
    guard let number = try flight(of), waiting.contains(number) else {
      throw ScenarioError("the flight does not wait for the lock")
    }
    return number
  }

  private func generation(_ of: String?) throws -> Double {
    guard let of else {
      guard let handedOut else { throw ScenarioError("no token was handed out yet") }
      return handedOut
    }
    guard let generation = tokens[of] else { throw ScenarioError("`of`: there is no token \(of)") }
    return generation
  }

  private func snapshot(_ of: String) throws -> String {
    guard let snapshot = shared.snapshots[of] else { throw ScenarioError("`of`: there is no snapshot \(of)") }
    return snapshot
  }
}

// MARK: - Outcomes

extension Player {
  /// What may be used meanwhile.
  private mutating func handOutUsable() throws -> JSON {
    let usable = try present().usable(nowMs: now)
    return handOut(usable.hasToken() ? try usable.token() : nil, nil)
  }

  private mutating func handOut(_ token: Token?, _ name: String?) -> JSON {
    guard let token else { return .null }
    handedOut = token.generation()
    if let name { tokens[name] = token.generation() }
    var headers = Dictionary(
      zip(token.apiHeaderNames(), token.apiHeaderValues().map(JSON.text)), uniquingKeysWith: { _, last in last })
    headers[token.headerName()] = .text(token.headerValue())
    let scopes = token.scopes().map { JSON.array($0.map(JSON.text)) } ?? .null
    return .object([
      "headers": .object(headers), "expires_at": seconds(token.expiresAtMs()), "scopes": scopes,
    ])
  }

  private func wait(_ untilMs: Double?, _ error: ErrorKeys) -> JSON {
    .object([
      "wait": .object(["until": seconds(untilMs), "error": error.keys]), "no_token": error.noToken,
    ])
  }

  private func denied(_ error: ErrorKeys) -> JSON {
    .object(["error": error.keys, "no_token": error.noToken])
  }

  private var now: Double { epochMs + Self.millis(at) }

  private func seconds(_ momentMs: Double?) -> JSON {
    momentMs.map { .number(($0 - epochMs) / 1000) } ?? .null
  }

  /// Half a millisecond goes up, whatever its neighbours.
  private static func millis(_ seconds: Double) -> Double {
    (seconds * 1000 + 0.5).rounded(.down)
  }
}

/// An error as scenarios compare it.
struct ErrorKeys {
  let action: String
  private let code: String
  private let serverError: String?

  init(_ error: ErrorDetails) {
    (action, code, serverError) = (error.action(), error.code(), error.serverError())
  }

  init(_ error: AuthError) {
    switch error {
    case .Failed(let code, let action, _, _, _, let serverError, _):
      (self.action, self.code, self.serverError) = (action, code, serverError)
    }
  }

  var keys: JSON {
    .object(["action": .text(action), "code": .text(code), "server_error": JSON(serverError)])
  }

  var noToken: JSON { .object(["server_error": JSON(serverError)]) }
}

extension SessionEventKind {
  fileprivate var name: String? {
    switch self {
    case .renewed: "renewed"
    case .waiting: "waiting"
    case .degraded: "degraded"
    case .refused: "refused"
    case .signedOut: "signed_out"
    case .expiring: "expiring"
    case .other: "other"
    case .nothing: nil
    }
  }
}
