import Foundation
internal import CxauthBridge

/// An access token with what a request needs to carry it. It prints nothing secret.
public struct AccessToken: Sendable {
  /// The token itself.
  public let value: Secret
  /// The name of the header field that carries it, in lower case, such as `authorization`.
  public let headerName: String
  /// That field's value, such as `Bearer …`.
  public let headerValue: Secret
  /// The other fields that every API request carries. None of them is secret.
  public let apiHeaders: [String: String]
  /// What was granted; `nil` when neither the answer nor the connection names any scope (RFC 6749 §3.3).
  public let scopes: [String]?
  /// When the server ends it; `nil` when that is unknown.
  public let expiresAt: Date?
  /// Which token of its session it is. Later ones have higher numbers.
  public let generation: Int

  /// All header fields that an API request carries, the credential among them: do not log what this returns.
  public func headers() -> [String: String] {
    var headers = apiHeaders
    headers[headerName] = headerValue.reveal()
    return headers
  }
}

extension AccessToken {
  init(_ token: Token) {
    value = Secret(token.value())
    headerName = token.headerName()
    headerValue = Secret(token.headerValue())
    apiHeaders = Dictionary(
      zip(token.apiHeaderNames(), token.apiHeaderValues()), uniquingKeysWith: { _, last in last })
    scopes = token.scopes()
    expiresAt = token.expiresAtMs().map(Date.init(unixMilliseconds:))
    generation = Int(token.generation())
  }
}

extension AccessToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Which one it is and when it ends; nothing of the token.
  public var description: String {
    let end = expiresAt.map { ", expires at \($0.ISO8601Format())" } ?? ""
    return "AccessToken(hidden, generation \(generation)\(end))"
  }

  /// The same.
  public var debugDescription: String { description }

  /// A mirror without the token.
  public var customMirror: Mirror {
    Mirror(
      self,
      children: [
        "generation": generation, "expiresAt": expiresAt as Any, "scopes": scopes as Any,
        "headerName": headerName,
      ], displayStyle: .struct)
  }
}
