import Foundation

extension CxClient {
  /// Begins a sign-in in a browser (RFC 6749 §4.1 with PKCE, RFC 7636): open ``SignIn/url``, keep ``SignIn/kept``, and give it
  /// to ``finishSignIn(_:redirect:)`` when the browser is back.
  ///
  /// ```swift
  /// let signIn = try await cx.beginSignIn(redirectURI: "com.example.app:/signed-in")
  /// ```
  ///
  /// - Parameter redirectURI: Where the browser comes back to; ``Connection/redirectURI`` by default.
  /// - Throws: ``CxError``: what is wrong with the connection, or why a request that is sent beforehand (RFC 9126) brought
  ///   nothing. `CancellationError` when the task is cancelled while it waits.
  public func beginSignIn(redirectURI: String? = nil) async throws -> SignIn {
    try await keeper.beginSignIn(redirectURI: redirectURI)
  }

  /// Ends a sign-in: whoever waits for a token has it then. What was kept works once; another process may do this than the one
  /// that began.
  ///
  /// - Parameter redirect: The whole address that the browser came back to.
  /// - Throws: ``CxError``: ``CxError/Code/authorizationRefused`` when the server or the person said no,
  ///   ``CxError/Code/redirectRefused`` when the address does not belong to this sign-in, ``CxError/Code/signInExpired`` when
  ///   it took too long, else what the token endpoint said. `CancellationError` when the task is cancelled while it waits; the
  ///   sign-in goes on.
  public func finishSignIn(_ kept: KeptSignIn, redirect: URL) async throws {
    try await keeper.finishSignIn(kept, redirect: redirect)
  }

  /// Signs somebody in on another device (RFC 8628): `show` says the code and where to enter it, and this returns when it was
  /// entered there, which may take minutes. Whoever waits for a token has it then.
  ///
  /// `show` may go on for as long as the sign-in does: it is cancelled at its end, and has to return then.
  ///
  /// ```swift
  /// try await cx.signInOnDevice { prompt in print("Enter \(prompt.userCode) at \(prompt.verificationURI)") }
  /// ```
  ///
  /// - Throws: ``CxError``: ``CxError/Code/authorizationRefused`` when the person said no, ``CxError/Code/signInExpired`` when
  ///   nobody entered the code in time, else what the server said. What `show` throws, which ends the sign-in, and
  ///   `CancellationError` when the task is cancelled, which ends it too.
  public func signInOnDevice(_ show: @escaping @Sendable (DevicePrompt) async throws -> Void) async throws {
    try await keeper.signInOnDevice(show)
  }
}
