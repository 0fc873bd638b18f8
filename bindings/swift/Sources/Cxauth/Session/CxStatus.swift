import Foundation
internal import CxauthBridge

/// How a client stands, without having asked for anything.
public struct CxStatus: Sendable {
  /// How it stands.
  public let state: State
  /// The token that may be used.
  public let token: AccessToken?
  /// Why there is no token and none is on its way, when it was tried.
  public let error: CxError?
  /// When background renewal would next do something; `nil` for never, or not before somebody asks.
  public let nextWakeup: Date?

  /// How a session can stand.
  public enum State: String, Sendable, CaseIterable {
    /// No usable token; the next caller starts a renewal.
    case empty
    /// No usable token; a renewal is under way.
    case renewing
    /// A token serves, and nothing is due.
    case fresh
    /// A token serves; the next caller starts its renewal.
    case due
    /// A token serves; its renewal is under way.
    case renewingEarly
    /// A token serves; its renewal failed and is held back.
    case degraded
    /// No usable token; the renewal is held back.
    case waiting
    /// No usable token; nothing will come before something is changed.
    case denied
  }
}

extension CxStatus.State {
  init(_ state: SessionState) {
    self =
      switch state {
      case .empty: .empty
      case .renewing: .renewing
      case .fresh: .fresh
      case .due: .due
      case .renewingEarly: .renewingEarly
      case .degraded: .degraded
      case .waiting: .waiting
      case .denied: .denied
      }
  }
}
