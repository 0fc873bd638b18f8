import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

extension CxClient {
  /// What a client is made of. Each part has a default.
  ///
  /// ```swift
  /// var options = CxClient.Options()
  /// options.renewsInBackground = true
  /// let cx = try CxClient(connection, options: options)
  /// ```
  public struct Options: Sendable {
    /// A token request and the rest of its flight stay below the flight's deadline of 60 s.
    static let longestTimeout = Duration.seconds(35)
    static let longestLockPatience = Duration.seconds(20)

    /// The time limit of one token request, connecting and reading included; 35 s at most.
    public var timeout: Duration = .seconds(30)

    /// How long ``CxClient/token()`` waits when nothing may be sent for a while: not at all by default, and the error says
    /// when to come again. A renewal that is under way is always waited for.
    public var patience: Duration = .zero

    /// Renews before anybody needs it, so that callers find a fresh token. It stops after one lifetime in which nobody
    /// asked, goes on when somebody does, and ends with the client.
    public var renewsInBackground = false

    /// Where tokens outlive this process; by default they live in its memory only.
    public var store: (any Store)?

    /// How long a renewal waits for the store's lock; 20 s at most. After that it fails, and is tried again; a token that is
    /// usable serves all the while.
    public var lockPatience: Duration = .seconds(20)

    /// The function that brings tokens for the grant ``Connection/Grant/external``: it asks, for instance, a backend of your
    /// own. If it fails, the text of a `LocalizedError` becomes part of the ``CxError`` and must hold no secret.
    public var provide: (@Sendable () async throws -> ProvidedToken)?

    /// The functions that ``Connection/init(json:)`` names: `{ "client_secret": { "function": "vault" } }`.
    public var secretFunctions: [String: @Sendable () async throws -> Secret] = [:]

    /// The functions that sign where ``Connection/init(json:)`` names them: `{ "client_key": { "function": "card", … } }`.
    public var signers: [String: ClientKey.Signer] = [:]

    /// Makes the configuration of the `URLSession` that sends API requests: without cookies, cache and stored credentials by
    /// default. Its delegate is the client's own, which follows redirects without carrying a credential elsewhere.
    public var sessionConfiguration: @Sendable () -> URLSessionConfiguration = Self.quiet

    /// Makes the configuration of the `URLSession` that sends token requests, for proxies and the like. Whatever it says,
    /// there are no cookies, no cache, no stored credentials, no additional headers and no redirects.
    public var tokenSessionConfiguration: @Sendable () -> URLSessionConfiguration = { .ephemeral }

    /// Where the time comes from.
    public var clock: any CxClock = SystemClock()

    /// 16 bytes or more of the system's randomness. They spread renewals and retries over time and keep nothing secret.
    public var entropy: @Sendable () -> Data = Self.systemEntropy

    /// The defaults.
    public init() {}

    @Sendable private static func quiet() -> URLSessionConfiguration {
      let configuration = URLSessionConfiguration.ephemeral
      configuration.httpCookieStorage = nil
      configuration.httpCookieAcceptPolicy = .never
      configuration.httpShouldSetCookies = false
      configuration.urlCache = nil
      configuration.urlCredentialStorage = nil
      return configuration
    }

    @Sendable private static func systemEntropy() -> Data {
      Data((0..<32).map { _ in UInt8.random(in: .min ... .max) })
    }
  }
}
