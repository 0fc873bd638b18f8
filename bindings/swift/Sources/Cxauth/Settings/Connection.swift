import Foundation

/// Which server, and who you are there: the settings that `cxauth` has in every language and in its configuration file.
///
/// A property that is `nil` says nothing: the platform's profile decides. Nothing is checked here but the kind of each
/// value; ``CxClient/init(_:options:)`` checks that they make sense together.
///
/// ```swift
/// var connection = Connection()
/// connection.tokenEndpoint = URL(string: "https://as.example/token")
/// connection.clientID = "id"
/// connection.clientSecret = .file("/run/secrets/as")
/// connection.apiBase = URL(string: "https://api.example/v1/")
/// let cx = try CxClient(connection)
/// ```
public struct Connection: Sendable {
  // MARK: Who asks whom

  /// The platform, whose profile fills in what is not set; ``Platform/generic`` when `nil`.
  public var platform: Platform?
  /// CloudCX: the tenant's domain, with its port if it has one.
  public var domain: String?
  /// CloudLX: the address of the portal, if it is not the usual one.
  public var base: URL?
  /// The client's identifier (RFC 6749 §2.2).
  public var clientID: String?
  /// The client's secret (RFC 6749 §2.3.1).
  public var clientSecret: SecretSource?
  /// The key that the client signs with (RFC 7523 §2.2).
  public var clientKey: ClientKey?
  /// The user's name; the request's field is `username`.
  public var username: String?
  /// The user's name; the request's field is `email`.
  public var email: String?
  /// The user's password (RFC 6749 §4.3).
  public var password: SecretSource?
  /// A key that is sent as it is. Without a ``grant`` it means ``Grant/apiKey``.
  public var apiKey: SecretSource?
  /// A refresh token to start from (RFC 6749 §6).
  public var refreshToken: SecretSource?
  /// Whose token is exchanged (RFC 8693 §2.1).
  public var subjectToken: SecretSource?
  /// What kind of token that is: an identifier of RFC 8693 §3.
  public var subjectTokenType: String?
  /// The token of whoever acts for the subject (RFC 8693 §2.1).
  public var actorToken: SecretSource?
  /// What kind of token that is.
  public var actorTokenType: String?
  /// What kind of token is wanted (RFC 8693 §2.1).
  public var requestedTokenType: String?
  /// What somebody else signed about the user (RFC 7523 §2.1).
  public var assertion: SecretSource?
  /// The scopes to ask for (RFC 6749 §3.3).
  public var scopes: [String]?

  // MARK: How a token is got

  /// The server's identifier (RFC 8414 §2), which its answers to a sign-in are compared with (RFC 9207). It counts as it is
  /// written.
  public var issuer: String?
  /// Where a person signs in (RFC 6749 §3.1).
  public var authorizationEndpoint: URL?
  /// Where what a sign-in asks for is sent beforehand (RFC 9126).
  public var pushedAuthorizationRequestEndpoint: URL?
  /// Where a device begins a sign-in (RFC 8628 §3.1).
  public var deviceAuthorizationEndpoint: URL?
  /// Where a token can be looked up (RFC 7662).
  public var introspectionEndpoint: URL?
  /// Where the browser comes back to after a sign-in, as it is registered; ``CxClient/beginSignIn(redirectURI:)`` may say
  /// another address.
  public var redirectURI: String?
  /// More parameters of the address where a person signs in.
  public var authorizationParameters: [String: String]?
  /// Whether a sign-in must be sent beforehand (RFC 9126 §5).
  public var requirePushedAuthorizationRequests: Bool?
  /// Whether the browser's answer has to name the issuer (RFC 9207 §3).
  public var authorizationResponseIssParameterSupported: Bool?
  /// The token endpoint (RFC 6749 §3.2). It is https; http on loopback only.
  public var tokenEndpoint: URL?
  /// The endpoint for refresh requests, if it is another one.
  public var refreshEndpoint: URL?
  /// Where tokens are ended when somebody signs out (RFC 7009).
  public var revocationEndpoint: URL?
  /// How a token is got; ``Grant/clientCredentials`` by default.
  public var grant: Grant?
  /// How the client proves who it is.
  public var clientAuthentication: ClientAuthentication?
  /// The encoding of token requests; ``BodyEncoding/form`` by default.
  public var body: BodyEncoding?
  /// More header fields of token requests.
  public var headers: [String: String]?
  /// More parameters of token requests.
  public var parameters: [String: String]?
  /// The resources that the token is for (RFC 8707).
  public var resource: [String]?
  /// The audience that the token is for.
  public var audience: String?
  /// Whether an answer without `token_type` is refused; no by default.
  public var strictTokenType: Bool?

  // MARK: Where the token may go, and how

  /// Where the API lives: relative paths start here, and its host may see the token.
  public var apiBase: URL?
  /// More hosts that may see the token, each as `host` or `host:port`.
  public var hosts: [String]?
  /// The header field that carries the token to the API; `authorization` by default.
  public var header: String?
  /// The word before the token in that field; `Bearer` by default, may be empty.
  public var prefix: String?
  /// More header fields of API requests.
  public var apiHeaders: [String: String]?

  // MARK: When it is renewed

  /// When a token is renewed; ``Renewal/refresh`` by default.
  public var renewal: Renewal?
  /// How long a refresh token lives when the answer does not say it, in whole seconds.
  public var refreshLifetime: Duration?
  /// Whether a refresh token ends when it is used; yes by default.
  public var rotates: Bool?
  /// How long a used refresh token still works, in whole seconds; not at all by default.
  public var grace: Duration?
  /// Whether the password is kept once a refresh token came; no by default.
  public var keepPassword: Bool?
  /// After how long a server that refused the client's credentials is asked again, in whole seconds; an hour by default.
  public var askAgain: Duration?

  // MARK: A platform of your own

  /// The platform's name as its maker writes it.
  public var title: String?
  /// The settings that have to be there.
  public var required: [String]?

  /// A connection that says nothing but the platform.
  public init(_ platform: Platform? = nil) {
    self.platform = platform
  }
}

extension Connection {
  /// CloudCX: the tenant's domain, with its port if it has one, and a user of it. Set ``clientSecret`` on what this returns
  /// if the client has one.
  public static func cloudCX(
    domain: String, clientID: String, username: String, password: SecretSource
  ) -> Connection {
    var connection = Connection(.cloudCX)
    connection.domain = domain
    connection.clientID = clientID
    connection.username = username
    connection.password = password
    return connection
  }

  /// Cisco CX Cloud: the key and the secret of an API profile.
  public static func ciscoCXCloud(clientID: String, clientSecret: SecretSource) -> Connection {
    var connection = Connection(.ciscoCXCloud)
    connection.clientID = clientID
    connection.clientSecret = clientSecret
    return connection
  }

  /// Sangoma CX: the application's credentials, and one scope at least, such as `cx.agent-calls`.
  public static func sangomaCX(
    clientID: String, clientSecret: SecretSource, scopes: [String]
  ) -> Connection {
    var connection = Connection(.sangomaCX)
    connection.clientID = clientID
    connection.clientSecret = clientSecret
    connection.scopes = scopes
    return connection
  }

  /// CloudLX (Infiny): the credentials of an application of the portal.
  public static func cloudLX(clientID: String, clientSecret: SecretSource) -> Connection {
    var connection = Connection(.cloudLX)
    connection.clientID = clientID
    connection.clientSecret = clientSecret
    return connection
  }
}

extension Connection {
  /// A platform that cxauth knows, or any other server.
  public enum Platform: String, Sendable, CaseIterable {
    /// CloudCX by CloudFon.
    case cloudCX = "cloudcx"
    /// Cisco CX Cloud.
    case ciscoCXCloud = "cisco-cx-cloud"
    /// Sangoma CX.
    case sangomaCX = "sangoma-cx"
    /// CloudLX by Epsilon.
    case cloudLX = "cloudlx"
    /// Any other OAuth 2.0 server.
    case generic
  }

  /// How a token is got (RFC 6749 §1.3).
  public enum Grant: String, Sendable, CaseIterable {
    /// The client's own credentials (RFC 6749 §4.4).
    case clientCredentials = "client_credentials"
    /// The user's name and password (RFC 6749 §4.3).
    case password
    /// A person signs in in a browser: ``CxClient/beginSignIn(redirectURI:)`` (RFC 6749 §4.1, RFC 7636).
    case authorizationCode = "authorization_code"
    /// A person signs in on another device: ``CxClient/signInOnDevice(_:)`` (RFC 8628).
    case deviceCode = "device_code"
    /// Somebody's token for another one (RFC 8693).
    case tokenExchange = "token_exchange"
    /// An assertion that somebody else signed (RFC 7523 §2.1).
    case jwtBearer = "jwt_bearer"
    /// A refresh token alone (RFC 6749 §6): the sign-in happened elsewhere.
    case refreshToken = "refresh_token"
    /// A key that never ends and is sent as it is.
    case apiKey = "api_key"
    /// A function of your own brings the token: ``CxClient/Options/provide``.
    case external
  }

  /// How the client proves who it is at the token endpoint (RFC 6749 §2.3).
  public enum ClientAuthentication: String, Sendable, CaseIterable {
    /// A public client says its identifier and proves nothing.
    case none
    /// Identifier and secret in the body.
    case clientSecretPost = "client_secret_post"
    /// HTTP Basic, each part form-encoded first (RFC 6749 §2.3.1).
    case clientSecretBasic = "client_secret_basic"
    /// HTTP Basic with the parts as they are, as `curl --user` sends them.
    case clientSecretBasicRaw = "client_secret_basic_raw"
    /// A signature by the ``Connection/clientKey`` (RFC 7523 §2.2).
    case privateKeyJWT = "private_key_jwt"
  }

  /// The encoding of a token request's body.
  public enum BodyEncoding: String, Sendable, CaseIterable {
    /// As RFC 6749 has it.
    case form
    /// Which some platforms take too.
    case json
  }

  /// When a token is renewed.
  public enum Renewal: String, Sendable, CaseIterable {
    /// Early, by running the grant again.
    case anytime
    /// Early, by the refresh token if there is one, else by the grant.
    case refresh
    /// The server gives nothing new before.
    case onlyAfterExpiry = "only_after_expiry"
  }
}

extension Connection: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The settings that were made, without any secret; of headers and parameters the names only.
  public var description: String {
    let settings = shown.map { name, value in "\(name): \(value)" }
    return "Connection(\(settings.joined(separator: ", ")))"
  }

  /// The same.
  public var debugDescription: String { description }

  /// A mirror of what ``description`` shows.
  public var customMirror: Mirror {
    Mirror(self, children: shown.map { (label: $0, value: $1) }, displayStyle: .struct)
  }
}
