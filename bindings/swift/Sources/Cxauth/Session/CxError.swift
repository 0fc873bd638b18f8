import Foundation
internal import CxauthBridge

/// What a call fails with: a stable ``code``, what to do next (``action``), and when to come again (``retryAt``). It holds
/// no secret.
///
/// ```swift
/// do {
///   let token = try await cx.token()
/// } catch let error as CxError {
///   switch error.action {
///   case .retry: print("again at", error.retryAt ?? .now)
///   case .signIn: print("sign in again")
///   case .fixConfiguration, .report: print(error)
///   }
/// }
/// ```
public struct CxError: Error, Sendable, Hashable {
  /// Which error it is. A code never changes its meaning.
  public let code: Code
  /// What to do next.
  public let action: Action
  /// What happened and what to do about it, in sentences.
  public let explanation: String
  /// When the client asks the server again, if it does so by itself.
  public let retryAt: Date?
  /// The status of the answer that brought the error.
  public let status: Int?
  /// The server's `error` (RFC 6749 §5.2), escaped and cut.
  public let serverError: String?
  /// The server's `error_description`, escaped and cut.
  public let serverDescription: String?

  /// What the person or the program does next.
  public enum Action: String, Sendable, CaseIterable {
    /// Wait until ``CxError/retryAt``; the client tries again by itself when it is asked then.
    case retry
    /// A person has to sign in again: what the session had is used up or withdrawn.
    case signIn = "sign_in"
    /// Something in the connection, or in the client's registration at the server, is wrong.
    case fixConfiguration = "fix_configuration"
    /// Nothing that you can mend: tell the developers, of cxauth or of the server.
    case report
  }

  init(
    code: Code, action: Action, explanation: String, retryAt: Date? = nil, status: Int? = nil,
    serverError: String? = nil, serverDescription: String? = nil
  ) {
    self.code = code
    self.action = action
    self.explanation = explanation
    self.retryAt = retryAt
    self.status = status
    self.serverError = serverError
    self.serverDescription = serverDescription
  }
}

extension CxError {
  /// The stable name of an error; `docs/errors.md` lists all. A newer library may bring others.
  public struct Code: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name, such as `invalid_client`.
    public let rawValue: String

    /// The code of this name.
    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// The name.
    public var description: String { rawValue }
  }
}

extension CxError: LocalizedError, CustomStringConvertible {
  /// The explanation.
  public var errorDescription: String? { explanation }

  /// The explanation, which ends with the code.
  public var description: String { explanation }
}

// MARK: - From the bridge

extension CxError {
  init(_ error: AuthError) {
    switch error {
    case .Failed(
      let code, let action, let explanation, let retryAtMs, let status, let serverError, let serverDescription):
      self.init(
        code: Code(rawValue: code), action: Action(rawValue: action) ?? .report, explanation: explanation,
        retryAt: retryAtMs.map(Date.init(unixMilliseconds:)), status: status.map(Int.init),
        serverError: serverError, serverDescription: serverDescription)
    }
  }

  init(_ details: ErrorDetails) {
    self.init(
      code: Code(rawValue: details.code()), action: Action(rawValue: details.action()) ?? .report,
      explanation: details.explanation(), retryAt: details.retryAtMs().map(Date.init(unixMilliseconds:)),
      status: details.status().map(Int.init), serverError: details.serverError(),
      serverDescription: details.serverDescription())
  }

  /// Runs what fails with the bridge's error, and fails with this one.
  static func catching<Result>(_ run: () throws -> Result) throws(CxError) -> Result {
    do {
      return try run()
    } catch let error as AuthError {
      throw CxError(error)
    } catch {
      // What uniffi itself says when library and generated code do not fit.
      throw CxError(code: .absent, action: .report, explanation: "The bridge failed: \(type(of: error)).")
    }
  }
}

extension Date {
  init(unixMilliseconds milliseconds: Double) {
    self.init(timeIntervalSince1970: milliseconds / 1000)
  }

  var unixMilliseconds: Double {
    (timeIntervalSince1970 * 1000).rounded()
  }
}
