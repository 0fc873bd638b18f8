import Foundation
internal import CxauthBridge

extension Keeper {
  func beginSignIn(redirectURI: String?) async throws -> SignIn {
    // State and verifier come of it (RFC 7636 §7.1): the system's randomness, and none that a program hands in.
    let entropy = Data((0..<64).map { _ in UInt8.random(in: .min ... .max) })
    let errand = try run { session, now in
      try session.leadAuthorization(nowMs: now, entropy: entropy, redirectUri: redirectURI)
    }
    try await end(of: errand)
    guard let signIn = errand.signIn else {
      throw CxError(code: .absent, action: .report, explanation: "The sign-in has no address.")
    }
    return signIn
  }

  func finishSignIn(_ kept: KeptSignIn, redirect: URL) async throws {
    try await end(
      of: run { session, now in
        try session.leadCode(nowMs: now, signIn: kept.text(), redirect: redirect.absoluteString)
      })
  }

  /// Who is cancelled, and who cannot show the prompt, ends it.
  func signInOnDevice(_ show: @escaping @Sendable (DevicePrompt) async throws -> Void) async throws {
    let errand = try run { session, now in try session.leadDeviceSignIn(nowMs: now) }
    defer {
      errand.giveUp()
      waiters.wake()
    }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        for await prompt in errand.prompts { try await show(prompt) }
        return false
      }
      group.addTask { [self] in
        try await end(of: errand)
        return true
      }
      while let isOver = try await group.next(), !isOver {}
      // Who still shows the prompt may say that it was cancelled: it was meant to be.
      group.cancelAll()
      while let result = await group.nextResult() { _ = result }
    }
  }

  private func run(_ lead: (Session, _ nowMs: Double) throws -> UInt32) throws(CxError) -> Errand {
    let errand = Errand()
    let flight = try CxError.catching { try with(lead) }
    fly(flight, for: .signIn, deadlineMs: nil, errand: errand) { errand.end($0) }
    return errand
  }

  /// Waits for it; who is cancelled ends nothing but the waiting.
  private func end(of errand: Errand) async throws {
    while true {
      let turn = waiters.turn
      if let outcome = errand.outcome { return try outcome.get() }
      try Task.checkCancellation()
      await waiters.wait(since: turn)
    }
  }
}
