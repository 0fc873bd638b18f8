import Foundation
internal import CxauthBridge

/// One thing that happened to a client, for logs, metrics and pages. It carries no secret.
public struct CxEvent: Sendable {
  /// What happened.
  public let kind: Kind
  /// When.
  public let date: Date
  /// The generation of the token that it is about; `nil` when there is none.
  public let generation: Int?
  /// When what it is about ends; `nil` when that is unknown or never.
  public let until: Date?
  /// Why.
  public let error: CxError?

  /// What can happen.
  public enum Kind: String, Sendable, CaseIterable {
    /// A new token is in service.
    case renewed
    /// A renewal failed, and there is nothing usable.
    case waiting
    /// A renewal failed, and a token still serves.
    case degraded
    /// An API refused the token.
    case refused
    /// There is no way to a token any more before somebody signs in.
    case signedOut = "signed_out"
    /// What cannot be renewed before it ends will end in 30, 14, 7 or 1 days.
    case expiring
    /// Something that this version has no word for.
    case other
  }
}

extension CxEvent {
  /// `nil` when nothing more happened.
  init?(_ event: SessionEvent) {
    let kind: Kind? =
      switch event.kind() {
      case .renewed: .renewed
      case .waiting: .waiting
      case .degraded: .degraded
      case .refused: .refused
      case .signedOut: .signedOut
      case .expiring: .expiring
      case .other: .other
      case .nothing: nil
      }
    guard let kind else { return nil }
    self.kind = kind
    date = Date(unixMilliseconds: event.atMs() ?? 0)
    generation = event.generation() > 0 ? Int(event.generation()) : nil
    until = event.untilMs().map(Date.init(unixMilliseconds:))
    error = event.hasError() ? (try? event.error()).map(CxError.init) : nil
  }
}
