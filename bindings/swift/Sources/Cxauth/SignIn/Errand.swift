import Foundation
internal import CxauthBridge

/// A flight that nobody follows, and what it brings to its caller.
final class Errand: Sendable {
  /// What there is to show.
  let prompts: AsyncStream<DevicePrompt>

  private let prompted: AsyncStream<DevicePrompt>.Continuation
  private let state = Protected(State())

  private struct State {
    var outcome: Result<Void, CxError>?
    var signIn: SignIn?
    var isGivenUp = false
  }

  init() {
    (prompts, prompted) = AsyncStream.makeStream(of: DevicePrompt.self)
  }

  /// How it ended; `nil` while it goes on.
  var outcome: Result<Void, CxError>? { state.withLock { $0.outcome } }
  /// The sign-in that it began.
  var signIn: SignIn? { state.withLock { $0.signIn } }
  /// Whether its caller is gone.
  var isGivenUp: Bool { state.withLock { $0.isGivenUp } }

  func giveUp() {
    state.withLock { $0.isGivenUp = true }
  }

  func end(_ why: CxError?) {
    state.withLock { $0.outcome = why.map(Result.failure) ?? .success(()) }
    prompted.finish()
  }

  func authorize(_ step: Step) -> Outcome {
    guard let url = step.authorizationUrl().flatMap(URL.init(string:)), let text = try? step.signIn() else {
      return .failed(.connect, "Foundation cannot read the address where the person signs in")
    }
    state.withLock { $0.signIn = SignIn(url: url, kept: KeptSignIn(text)) }
    return .done
  }

  func prompt(_ step: Step) -> Outcome {
    let expiresAt = step.untilMs().map(Date.init(unixMilliseconds:)) ?? .distantFuture
    prompted.yield(
      DevicePrompt(
        userCode: step.userCode() ?? "", verificationURI: step.verificationUri() ?? "",
        verificationURIComplete: step.verificationUriComplete(), expiresAt: expiresAt))
    return .done
  }
}
