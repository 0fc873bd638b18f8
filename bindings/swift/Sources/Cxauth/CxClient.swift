import Foundation
internal import CxauthBridge

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Tokens of one connection, kept alive, and requests that carry them.
///
/// However many tasks ask at once, one token request is sent. A task that is cancelled while it waits leaves at once and
/// changes nothing for the others. Share one client among all that use the connection; it may be used from any task.
///
/// ```swift
/// let cx = try CxClient.ciscoCXCloud(clientID: "key", clientSecret: .environment("CISCO_SECRET"))
/// let (data, response) = try await cx.data(path: "inventory/hardware?customerId=1")
/// ```
public final class CxClient: Sendable {
  let keeper: Keeper
  let http: HTTPSession

  private let functions: Protected<[String: SecretFunction]>
  private let signers: Protected<[String: ClientKey.Signer]>
  private let background: Task<Void, Never>?

  /// A client of this connection. It connects to nothing yet.
  ///
  /// - Throws: ``CxError`` with the action ``CxError/Action/fixConfiguration`` when the settings make no sense together.
  public init(_ connection: Connection, options: Options = Options()) throws(CxError) {
    let opened = try CxError.catching { try openConnection(json: connection.json) }
    let now = options.clock.now.unixMilliseconds
    let session = openSession(connection: opened, nowMs: now, entropy: options.entropy(), store: options.store != nil)
    functions = Protected(
      options.secretFunctions.mapValues(SecretFunction.init).merging(connection.functions) { _, own in own })
    signers = Protected(options.signers.merging(connection.signers) { _, own in own })
    let secrets = SecretReader(functions: functions)
    let performer = Performer(
      transport: TokenTransport(
        limit: min(options.timeout, Options.longestTimeout), configuration: options.tokenSessionConfiguration),
      secrets: secrets, provide: options.provide,
      store: StoreSteps(
        store: options.store, patience: min(max(options.lockPatience, .zero), Options.longestLockPatience)),
      signing: Signing(signers: signers, secrets: secrets))
    keeper = Keeper(
      session, openedMs: now, clock: options.clock, patience: options.patience, performer: performer)
    http = HTTPSession(options.sessionConfiguration())
    background = options.renewsInBackground ? keeper.renewInBackground() : nil
  }

  deinit {
    background?.cancel()
    keeper.events.finish()
  }
}

// MARK: - Making one

extension CxClient {
  /// CloudCX: the tenant's domain, with its port if it has one, and a user of it.
  ///
  /// - Throws: As ``init(_:options:)``.
  public static func cloudCX(
    domain: String, clientID: String, username: String, password: SecretSource, options: Options = Options()
  ) throws(CxError) -> CxClient {
    try CxClient(
      .cloudCX(domain: domain, clientID: clientID, username: username, password: password), options: options)
  }

  /// Cisco CX Cloud: the key and the secret of an API profile.
  ///
  /// - Throws: As ``init(_:options:)``.
  public static func ciscoCXCloud(
    clientID: String, clientSecret: SecretSource, options: Options = Options()
  ) throws(CxError) -> CxClient {
    try CxClient(.ciscoCXCloud(clientID: clientID, clientSecret: clientSecret), options: options)
  }

  /// Sangoma CX: the application's credentials, and one scope at least, such as `cx.agent-calls`.
  ///
  /// - Throws: As ``init(_:options:)``.
  public static func sangomaCX(
    clientID: String, clientSecret: SecretSource, scopes: [String], options: Options = Options()
  ) throws(CxError) -> CxClient {
    try CxClient(.sangomaCX(clientID: clientID, clientSecret: clientSecret, scopes: scopes), options: options)
  }

  /// CloudLX (Infiny): the credentials of an application of the portal.
  ///
  /// - Throws: As ``init(_:options:)``.
  public static func cloudLX(
    clientID: String, clientSecret: SecretSource, options: Options = Options()
  ) throws(CxError) -> CxClient {
    try CxClient(.cloudLX(clientID: clientID, clientSecret: clientSecret), options: options)
  }
}

// MARK: - Tokens

extension CxClient {
  /// A usable token. While one is fresh this costs next to nothing; when one is due for renewal it is handed out all the
  /// same and the renewal goes on by itself; without one the caller waits for the renewal.
  ///
  /// - Throws: ``CxError``: what the token endpoint, the network or a secret's source said; ``CxError/action`` says what to
  ///   do and ``CxError/retryAt`` when to come again (``Options/patience`` waits for that). `CancellationError` when the
  ///   task is cancelled while it waits.
  public func token() async throws -> AccessToken {
    try await keeper.acquire().token
  }

  /// The token, if one is usable. It starts nothing and waits for nothing; `nil` says that ``token()`` is needed.
  public var currentToken: AccessToken? {
    if let fresh = keeper.fresh { return fresh.token }
    let found = keeper.with { session, now in session.bearer(nowMs: now) }
    return (try? found.token()).map(AccessToken.init)
  }

  /// The header fields with which a request to this address carries the token, for a request that something else sends: do
  /// not log them, and see to it that they follow no redirect.
  ///
  /// - Throws: ``CxError`` with the code ``CxError/Code/destinationRefused`` when the address may not see the token, before
  ///   anything is asked for. Else as ``token()``.
  public func headers(for url: URL) async throws -> [String: String] {
    _ = try destination(url)
    return try await token().headers()
  }

  /// Whether the token may be sent to this address.
  public func allows(_ url: URL) -> Bool {
    (try? destination(url)) != nil
  }

  /// Tells that an API refused a token, for a request that ``data(for:)`` did not send. `bodyStart` is as much of the
  /// answer's body as is at hand. ``Refusal/retry``: get a token again and send the request once more, once.
  @discardableResult
  public func refused(
    _ token: AccessToken, response: HTTPURLResponse, bodyStart: Data = Data()
  ) -> Refusal {
    let fields = response.value(forHTTPHeaderField: "www-authenticate").map { [$0] } ?? []
    let refusal = keeper.with { session, now in
      session.refused(
        nowMs: now, generation: Double(token.generation), status: UInt32(clamping: response.statusCode),
        wwwAuthenticate: fields, bodyStart: bodyStart)
    }
    // Background renewal has something to do now.
    keeper.waiters.wake()
    return refusal == .retry ? .retry : .leave
  }

  /// What to do with an API's answer.
  public enum Refusal: Sendable {
    /// Get a token again and send the request once more, once.
    case retry
    /// The answer is the caller's: another token would not change it.
    case leave
  }

  /// The address as it is judged and sent: a relative one starts at ``Connection/apiBase``.
  func destination(_ url: URL) throws(CxError) -> URL {
    try destination(path: url.absoluteString)
  }

  func destination(path: String) throws(CxError) -> URL {
    let text = try CxError.catching {
      try keeper.connection.apiUrl(path: path)
    }
    guard let url = URL(string: text) else {
      throw CxError(
        code: .destinationRefused, action: .fixConfiguration, explanation: "Foundation cannot read the address.")
    }
    return url
  }
}

// MARK: - The session

extension CxClient {
  /// What happens from now on: renewals, failures, refusals, warnings. Each call makes a stream of its own; it ends with the
  /// client. A reader that is far behind misses some.
  public var events: AsyncStream<CxEvent> { keeper.events.stream() }

  /// How the client stands. It starts nothing and does not count as asking.
  public var status: CxStatus {
    keeper.with { session, now in
      let look = session.look(nowMs: now)
      let isHeldBack = look.kind() == .wait || look.kind() == .denied
      return CxStatus(
        state: CxStatus.State(session.state(nowMs: now)),
        token: (try? session.usable(nowMs: now).token()).map(AccessToken.init),
        error: isHeldBack ? (try? look.error()).map(CxError.init) : nil,
        nextWakeup: session.nextWakeupMs().map(Date.init(unixMilliseconds:)))
    }
  }

  /// Gives settings new values while the client works. The closure gets a connection that says nothing; what it sets is
  /// changed. A secret that is set anew, even to the same value, lifts a verdict; another identity forgets the tokens.
  ///
  /// ```swift
  /// try cx.change { $0.clientSecret = .value("new secret") }
  /// ```
  ///
  /// - Throws: As ``init(_:options:)``; nothing is changed then.
  public func change(_ set: (inout Connection) -> Void) throws(CxError) {
    var changes = Connection()
    set(&changes)
    try CxError.catching {
      try keeper.with { session, now in
        try session.change(nowMs: now, json: changes.json)
        functions.withLock { $0.merge(changes.functions) { _, new in new } }
        signers.withLock { $0.merge(changes.signers) { _, new in new } }
      }
    }
    keeper.waiters.wake()
  }

  /// Forgets the tokens, here and in the ``Options/store``, and drops what a renewal under way still brings; whoever shares
  /// the store drops them at the next look into it. Where the connection has a ``Connection/revocationEndpoint`` the server
  /// ends them (RFC 7009). The next ``token()`` starts afresh where the connection can.
  ///
  /// - Throws: ``CxError``. The client has forgotten the tokens in any case, but ``CxError/Code/storeUnavailable``: the store
  ///   still has them; any other code: the server did not end them. `CancellationError` when the task is cancelled while it
  ///   waits; signing out goes on.
  public func signOut() async throws {
    try await keeper.signOut()
  }

  /// Waits until no renewal is under way: before a program ends, so that it does not take the answer to a renewal with it
  /// that a server has processed already.
  public func settle() async {
    await keeper.settle()
  }

  /// The platform's name as its maker writes it.
  public var title: String { keeper.connection.title() }
}

extension CxClient: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The platform, and how the client stands.
  public var description: String { "CxClient(\(title), \(status.state))" }

  /// The same.
  public var debugDescription: String { description }

  /// A mirror that shows the same.
  public var customMirror: Mirror {
    Mirror(self, children: ["title": title, "status": status], displayStyle: .class)
  }
}
