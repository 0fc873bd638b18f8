import Foundation
internal import CxauthBridge

/// A sign-in in a browser that has begun: open ``url`` there, keep ``kept``, and give both it and the address that the
/// browser comes back to to ``CxClient/finishSignIn(_:redirect:)``.
public struct SignIn: Sendable {
  /// Where the person signs in. It is for the system's browser, an `ASWebAuthenticationSession` for instance, and for no web
  /// view (RFC 8252 §8.12).
  public let url: URL
  /// What proves that the browser's answer belongs to this sign-in.
  public let kept: KeptSignIn
}

/// What is kept of a sign-in while its person is in the browser. It is a secret that nothing prints, and works once.
///
/// The system may end the app meanwhile: ``text()`` goes into what is restored with a scene, and what comes back from there is
/// one again.
///
/// ```swift
/// let text = signIn.kept.text()
/// let kept = KeptSignIn(text)
/// ```
public struct KeptSignIn: Sendable {
  private let secret: Secret

  /// What ``text()`` gave.
  public init(_ text: String) {
    secret = Secret(text)
  }

  /// All of it as text: a secret.
  public func text() -> String { secret.reveal() }

  /// Whether the browser came back from this sign-in with this address, whatever the answer is: for apps in which other
  /// links arrive at the same place.
  ///
  /// - Throws: ``CxError`` when this is not what ``text()`` gave.
  public func isAnswered(by redirect: URL) throws(CxError) -> Bool {
    let text = secret.reveal()
    return try CxError.catching { try signInIsAnsweredBy(signIn: text, redirect: redirect.absoluteString) }
  }
}

/// What a person needs to sign in on another device (RFC 8628 §3.2).
public struct DevicePrompt: Sendable {
  /// The code to enter.
  public let userCode: String
  /// Where to enter it.
  public let verificationURI: String
  /// The same with the code in it, for a QR code, where the server has it.
  public let verificationURIComplete: String?
  /// Until when the code works.
  public let expiresAt: Date
}

extension SignIn: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Says that something is hidden, and nothing of what.
  public var description: String { "SignIn(hidden)" }

  /// The same.
  public var debugDescription: String { description }

  /// A mirror that shows nothing.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension KeptSignIn: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Says that something is hidden, and nothing of what.
  public var description: String { "KeptSignIn(hidden)" }

  /// The same.
  public var debugDescription: String { description }

  /// A mirror that shows nothing.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension DevicePrompt: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Where the code is entered, and not the code.
  public var description: String { "DevicePrompt(\(verificationURI))" }

  /// The same.
  public var debugDescription: String { description }

  /// A mirror that shows the same.
  public var customMirror: Mirror {
    Mirror(self, children: ["verificationURI": verificationURI], displayStyle: .struct)
  }
}
