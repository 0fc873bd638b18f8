import Foundation
import Testing

@testable import Cxauth

@Suite("People who sign in, in a browser and on another device", .timeLimit(.minutes(2)))
struct SignInTests {
  @Test(arguments: ["authorization-code", "public-authorization-code", "pushed-authorization-code"])
  func somebodySignsInInABrowser(way: String) async throws {
    let world = try await World()
    let cx = try await world.further(way)
    #expect(try await failure { try await cx.token() }.action == .signIn)
    let signIn = try await cx.beginSignIn()
    let redirect = try await world.signIn(signIn.url)
    try await cx.finishSignIn(signIn.kept, redirect: redirect)
    #expect(cx.status.state == .fresh)
    try await world.expectNoViolations()
  }

  @Test func whatIsKeptOutlivesTheProcessAsText() async throws {
    let world = try await World()
    let signIn = try await world.further("authorization-code").beginSignIn()
    let kept = KeptSignIn(signIn.kept.text())
    let redirect = try await world.signIn(signIn.url)
    let next = try await world.further("authorization-code")
    try await next.finishSignIn(kept, redirect: redirect)
    #expect(next.status.state == .fresh)
    try await world.expectNoViolations()
  }

  @Test func nothingThatIsKeptIsPrinted() async throws {
    let world = try await World()
    let signIn = try await world.further("authorization-code").beginSignIn()
    let start = signIn.kept.text().prefix(16)
    for printed in ["\(signIn)", "\(signIn.kept)", "\([signIn])", String(reflecting: signIn.kept)] {
      #expect(!printed.contains(start))
      #expect(!printed.contains("state="))
    }
    var dumped = ""
    dump([signIn.kept], to: &dumped)
    dump(signIn, to: &dumped)
    #expect(!dumped.contains(start) && !dumped.contains("state="))
  }

  @Test func aRedirectThatBelongsToAnotherSignInIsRefused() async throws {
    let world = try await World()
    let cx = try await world.further("authorization-code")
    let (one, other) = (try await cx.beginSignIn(), try await cx.beginSignIn())
    let redirect = try await world.signIn(one.url)
    #expect(try one.kept.isAnswered(by: redirect))
    #expect(try !other.kept.isAnswered(by: redirect))
    let mixed = try await failure { try await cx.finishSignIn(other.kept, redirect: redirect) }
    #expect(mixed.code == .redirectRefused)
    var parts = try #require(URLComponents(url: redirect, resolvingAgainstBaseURL: false))
    parts.queryItems?.removeAll { $0.name == "iss" }
    parts.queryItems?.append(URLQueryItem(name: "iss", value: "https://attacker.example"))
    let elsewhere = try #require(parts.url)
    let attacked = try await failure { try await cx.finishSignIn(one.kept, redirect: elsewhere) }
    #expect(attacked.code == .redirectRefused)
    #expect(try await world.counters().token_requests == 0)
  }

  @Test func aPersonWhoSaysNoIsAnErrorAndSoIsDamagedText() async throws {
    let world = try await World()
    let cx = try await world.further("authorization-code")
    let signIn = try await cx.beginSignIn()
    let redirect = try await world.signIn(signIn.url, "deny")
    let error = try await failure { try await cx.finishSignIn(signIn.kept, redirect: redirect) }
    #expect(error.code == .authorizationRefused && error.action == .signIn && error.serverError == "access_denied")
    #expect(throws: CxError.self) { try KeptSignIn("damaged").isAnswered(by: redirect) }
    _ = try await failure { try await cx.finishSignIn(KeptSignIn("damaged"), redirect: redirect) }
  }

  @Test func whatIsWrongWithASignInIsSaidAtItsBegin() async throws {
    let world = try await World()
    #expect(try await failure { try await world.client().beginSignIn() }.code == .missingSetting)
    let cx = try await world.further("pushed-authorization-code")
    try await world.arm(["kind": "status", "status": 503, "headers": [], "body": ""], at: ["pushed_authorization"])
    #expect(try await failure { try await cx.beginSignIn() }.code == .serverUnavailable)
  }

  @Test func whoIsCancelledWhileTheCodeIsSentEndsNothingButTheWaiting() async throws {
    let world = try await World()
    let cx = try await world.further("authorization-code")
    let signIn = try await cx.beginSignIn()
    let redirect = try await world.signIn(signIn.url)
    try await world.hold(times: 1)
    let finishing = Task { try await cx.finishSignIn(signIn.kept, redirect: redirect) }
    try await world.wait(for: "token_requests", 1)
    finishing.cancel()
    await #expect(throws: CancellationError.self) { try await finishing.value }
    try await world.release()
    await cx.settle()
    #expect(cx.status.state == .fresh)
  }

  // MARK: On another device

  /// Time passes until the device has asked once more than so often.
  private func asks(_ world: World, after before: Int) async throws {
    try await until {
      try await world.pass(1)
      return try await world.counters().token_requests > before
    }
  }

  @Test(arguments: ["device-code", "public-device-code"])
  func somebodySignsInOnAnotherDevice(way: String) async throws {
    let world = try await World()
    let cx = try await world.further(way)
    let (prompts, shown) = AsyncStream.makeStream(of: DevicePrompt.self)
    let signingIn = Task {
      try await cx.signInOnDevice { prompt in
        shown.yield(prompt)
        // It is on the screen until the sign-in is over.
        try? await Task.sleep(for: .seconds(3600))
      }
    }
    var iterator = prompts.makeAsyncIterator()
    let prompt = try #require(await iterator.next())
    #expect(!prompt.userCode.isEmpty && !"\(prompt)".contains(prompt.userCode))
    #expect(prompt.verificationURIComplete?.contains(prompt.userCode) == true)
    #expect(prompt.expiresAt > world.clock.now)
    try await asks(world, after: 0)
    try await world.decideDevice("slow_down")
    try await asks(world, after: world.counters().token_requests)
    try await world.decideDevice("approve")
    // It may have asked more often than it was counted: time passes until it has heard the answer.
    try await until {
      try await world.pass(1)
      return cx.currentToken != nil
    }
    try await signingIn.value
    #expect(cx.status.state == .fresh)
    try await world.expectNoViolations()
  }

  @Test(arguments: [("deny", CxError.Code.authorizationRefused), ("expire", .signInExpired)])
  func aPersonWhoSaysNoAndACodeThatNobodyEntersAreErrors(decision: String, code: CxError.Code) async throws {
    let world = try await World()
    let cx = try await world.further("device-code")
    let error = try await failure {
      try await cx.signInOnDevice { _ in
        try await world.decideDevice(decision)
        try? await asks(world, after: 0)
      }
    }
    #expect(error.code == code)
    #expect(cx.currentToken == nil)
    try await world.expectNoViolations()
  }

  @Test func whoIsCancelledEndsTheSignInOnAnotherDevice() async throws {
    let world = try await World()
    let cx = try await world.further("device-code")
    let (prompts, shown) = AsyncStream.makeStream(of: Void.self)
    let signingIn = Task { try await cx.signInOnDevice { _ in shown.yield() } }
    var iterator = prompts.makeAsyncIterator()
    _ = await iterator.next()
    signingIn.cancel()
    await #expect(throws: CancellationError.self) { try await signingIn.value }
    // Its flight is gone: nothing is under way, and nothing is asked.
    await cx.settle()
    try await world.pass(60)
    #expect(try await world.counters().token_requests == 0)
  }

  @Test func aPromptThatCannotBeShownEndsItToo() async throws {
    struct NoScreen: Error {}
    let world = try await World()
    let cx = try await world.further("device-code")
    await #expect(throws: NoScreen.self) { try await cx.signInOnDevice { _ in throw NoScreen() } }
    await cx.settle()
    #expect(try await world.counters().token_requests == 0)
  }

  // MARK: Discovery and keys

  @Test func aServerSaysOfItselfWhatItsClientsNeedToKnow() async throws {
    let world = try await World()
    let known = try await world.furtherConnection("generic/authorization-code")
    let issuer = try #require(known.issuer)
    var connection = try await Connection.discover(issuer: issuer)
    #expect(connection.issuer == known.issuer && connection.authorizationEndpoint == known.authorizationEndpoint)
    connection.clientID = known.clientID
    connection.clientSecret = known.clientSecret
    connection.grant = .authorizationCode
    connection.redirectURI = known.redirectURI
    var options = CxClient.Options()
    options.clock = world.clock
    let cx = try CxClient(connection, options: options)
    let signIn = try await cx.beginSignIn()
    let redirect = try await world.signIn(signIn.url)
    try await cx.finishSignIn(signIn.kept, redirect: redirect)
    #expect(cx.status.state == .fresh)
    try await world.expectNoViolations()
  }

  @Test func whatIsNoMetadataOfTheIssuerIsRefused() async throws {
    let world = try await World()
    let issuer = try world.url("cloudlx").absoluteString.trimmingCharacters(in: ["/"])
    #expect(try await failure { try await Connection.discover(issuer: issuer) }.code == .metadataRefused)
    let connection = try await world.furtherConnection("generic/authorization-code")
    let known = try #require(connection.issuer)
    let body = #"{"issuer":"https://attacker.example","token_endpoint":"https://attacker.example/token"}"#
    try await world.arm(
      ["kind": "status", "status": 200, "headers": [["content-type", "application/json"]], "body": .text(body)],
      at: ["metadata"])
    #expect(try await failure { try await Connection.discover(issuer: known) }.code == .metadataRefused)
    #expect(try await failure { try await Connection.discover(issuer: "http://as.example") }.code == .insecureURL)
  }

  @Test func aClientThatSignsAsksItsSignerByName() async throws {
    let world = try await World()
    let asked = Protected<[ClientKey.Algorithm]>([])
    struct Locked: LocalizedError { var errorDescription: String? { "the card is not there" } }
    let connection = try await world.furtherConnection("generic/private-key-jwt")
    guard case .pem(let source) = connection.clientKey?.place, case .functionNamed(let name) = source.kind else {
      Issue.record("the simulator's client names no function")
      return
    }
    let cx = try await world.further("private-key-jwt") { _, options in
      options.signers[name] = { bytes, algorithm in
        asked.withLock { $0.append(algorithm) }
        #expect(bytes.split(separator: UInt8(ascii: ".")).count == 2)
        return Data(count: 64)
      }
    }
    // No key made this signature: the server says so.
    #expect(try await failure { try await cx.token() }.code == .invalidClient)
    #expect(asked.withLock { $0 } == [.es256])
    for (change, words) in [
      ({ $0.clientKey = .signer(algorithm: .es256) { _, _ in throw Locked() } }, "the card is not there"),
      ({ $0.clientKey = .pem(.function { "canary" }, algorithm: .es256) }, "PEM"),
    ] as [((inout Connection) -> Void, String)] {
      let other = try await world.further("private-key-jwt") { connection, _ in change(&connection) }
      let error = try await failure { try await other.token() }
      #expect(error.code == .secretUnreadable && error.action == .fixConfiguration)
      #expect(error.explanation.contains(words) && !error.explanation.contains("canary"), "\(error)")
    }
  }
}
