import Foundation
internal import CxauthBridge

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A token in service, read out of the bridge once for all requests.
struct Current: Sendable {
  let token: AccessToken
  /// Until when it can be used without asking the session, in Unix milliseconds.
  let freshUntilMs: Double
  private let fields: [(name: String, value: String)]

  init(_ token: Token) {
    self.token = AccessToken(token)
    freshUntilMs = token.freshUntilMs() ?? .infinity
    fields = self.token.headers().map { (name: $0, value: $1) }
  }

  func isSame(as token: Token) -> Bool {
    self.token.generation == Int(token.generation()) && freshUntilMs == token.freshUntilMs() ?? .infinity
  }

  /// Puts the fields into a request. Each replaces what is there: a request has one credential (RFC 6750 §2).
  func put(into request: inout URLRequest) {
    for field in fields {
      request.setValue(field.value, forHTTPHeaderField: field.name)
    }
  }
}
