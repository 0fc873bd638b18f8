/// What a function of your own brings for the grant ``Connection/Grant/external``.
///
/// ```swift
/// let provided = ProvidedToken("token", expiresIn: .seconds(3600))
/// ```
public struct ProvidedToken: Sendable {
  /// The token.
  public var token: Secret
  /// How long it still lives; `nil`: it is used until an API refuses it.
  public var expiresIn: Duration?
  /// What it is good for; empty: as asked.
  public var scopes: [String]

  /// A token, its lifetime and its scopes.
  public init(_ token: Secret, expiresIn: Duration? = nil, scopes: [String] = []) {
    self.token = token
    self.expiresIn = expiresIn
    self.scopes = scopes
  }
}
