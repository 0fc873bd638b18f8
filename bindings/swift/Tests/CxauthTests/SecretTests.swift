import Foundation
import Testing

@testable import Cxauth

@Suite("Where secrets come from", .timeLimit(.minutes(2)))
struct SecretTests {
  /// A client whose secret is read from this source, at a server that knows this secret.
  private func client(_ world: World, _ source: SecretSource, _ secret: String) async throws -> CxClient {
    let clients: JSON = [["id": .text(try world.connection().clientID ?? ""), "secret": .text(secret)]]
    try await world.configure("generic", ["clients": clients])
    return try world.client { connection, _ in connection.clientSecret = source }
  }

  private func withFile<Result>(_ contents: Data, _ use: (URL) async throws -> Result) async throws -> Result {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try contents.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try await use(file)
  }

  @Test(arguments: [
    ("hunter2\n", "hunter2"), ("hunter2\r\n", "hunter2"), ("hunter2", "hunter2"), ("hunter2\n\n", "hunter2\n"),
    (" hunter2 ", " hunter2 "),
  ])
  func oneLineBreakAtTheEndIsNotPartOfASecret(text: String, secret: String) async throws {
    let world = try await World()
    try await withFile(Data(text.utf8)) { file in
      let token = try await client(world, .file(file), secret).token()
      #expect(token.generation == 1)
    }
  }

  @Test func secretsComeFromTheEnvironmentAndFromPrograms() async throws {
    let world = try await World()
    // A variable that every test has.
    let path = try #require(ProcessInfo.processInfo.environment["CXAUTH_SIM"])
    #expect(try await client(world, .environment("CXAUTH_SIM"), path).token().generation == 1)
    // There is no shell.
    let unexpanded = "$HOME; `id` *"
    let program = SecretSource.command(["printf", "%s\\n", unexpanded])
    #expect(try await client(world, program, unexpanded).token().generation == 1)
    try await world.expectNoViolations()
  }

  @Test func secretsComeFromFunctions() async throws {
    let world = try await World()
    let calls = Protected(0)
    let cx = try await client(
      world,
      .function {
        calls.withLock { $0 += 1 }
        return "hunter2"
      }, "hunter2")
    #expect(try await cx.token().generation == 1)
    try await world.pass(7200)
    #expect(try await cx.token().generation == 2)
    // Read whenever it is needed, and never kept.
    #expect(calls.withLock { $0 } == 2)
  }

  @Test func aFunctionCanBeNamedInJSON() async throws {
    let world = try await World()
    guard case .value(let secret)? = try world.connection().clientSecret?.kind else {
      throw Simulator.Failure(description: "there is no secret")
    }
    var settings = try #require(JSONSerialization.jsonObject(with: Data(world.json("generic").utf8)) as? [String: Any])
    settings["client_secret"] = ["function": "vault"]
    let text = String(decoding: try JSONSerialization.data(withJSONObject: settings), as: UTF8.self)
    var options = CxClient.Options()
    options.clock = world.clock
    let error = try await failure { try await CxClient(Connection(json: text), options: options).token() }
    #expect(error.code == .secretUnreadable)
    #expect(error.explanation.contains("function vault"), "\(error)")
    options.secretFunctions["vault"] = { secret }
    #expect(try await CxClient(Connection(json: text), options: options).token().generation == 1)
  }

  @Test func whatCannotBeReadIsNamedAndNeverShown() async throws {
    struct Broken: Error { let text = "cxauth-canary-error" }
    let world = try await World()
    let failing = "echo cxauth-canary-output; exit 3"
    let cases: [(SecretSource, String)] = [
      (.environment("CXAUTH_NOT_SET"), "environment variable CXAUTH_NOT_SET: it is not set"),
      (.file("/no/such/file"), "file /no/such/file: it does not exist"),
      (.file("/dev/zero"), "file /dev/zero: it is longer than 64 KiB"),
      (.file("/"), "file /: it cannot be"),
      (.command(["sh", "-c", failing]), "command sh: it ended with status 3"),
      (.command(["sh", "-c", "kill -9 $$"]), "command sh: it was ended by a signal"),
      (.command(["/no/such/program"]), "command /no/such/program: it cannot be started"),
      (.command(["cxauth-no-such-program"]), "command cxauth-no-such-program: there is no such program"),
      (.command(["yes", "cxauth-canary"]), "command yes: it is longer than 64 KiB"),
      (.command([]), "no program is named"),
      (.function { throw Broken() }, "Broken"),
      (.function { "" }, "it is empty"),
      (SecretSource(kind: .keychain("service/account")), "keychain entry service/account: cxauth reads no keychain"),
    ]
    for (source, wanted) in cases {
      let cx = try world.client { connection, _ in connection.clientSecret = source }
      let error = try await failure { try await cx.token() }
      #expect(error.code == .secretUnreadable)
      #expect(error.action == .fixConfiguration)
      #expect(error.explanation.contains(wanted), "\(error)")
      #expect(!"\(error) \(String(reflecting: error))".contains("canary"), "\(error)")
    }
    for (contents, wanted) in [
      (Data("\n".utf8), "it is empty"), (Data("cxauth-canary".utf8) + [0xff], "it is not UTF-8"),
      (Data(repeating: 0x78, count: 70_000), "it is longer than 64 KiB"),
    ] {
      let error = try await withFile(contents) { file in
        let cx = try world.client { connection, _ in connection.clientSecret = .file(file) }
        return try await failure { try await cx.token() }
      }
      #expect(error.explanation.contains(wanted), "\(error)")
      #expect(!"\(error)".contains("canary"))
    }
    #expect(try await world.counters().token_requests == 0)
  }

  @Test func aProgramThatHangsIsGivenUpWithItsLimit() async throws {
    await #expect(throws: TimeLimitExceeded.self) {
      _ = try await withTimeLimit(.milliseconds(50)) { try await SecretCommand(["sleep", "1000"]).output() }
    }
    // Work that does not listen holds nobody up either.
    let (never, end) = AsyncStream.makeStream(of: Void.self)
    await #expect(throws: TimeLimitExceeded.self) {
      try await withTimeLimit(.milliseconds(50)) {
        await Task.detached { for await _ in never {} }.value
      }
    }
    end.finish()
    #expect(try await withTimeLimit(.seconds(60)) { 1 } == 1)
  }

  @Test func noCallFailsWhileASecretIsChanged() async throws {
    let world = try await World()
    try await world.configure("generic", ["access_token_lifetime": 300, "refresh_tokens": false])
    let cx = try world.client()
    for minute in 0..<60 {
      if minute % 30 == 10 {
        let new: JSON = ["client_secret": .text("cxauth-canary-new-\(minute)"), "overlap_seconds": 600]
        try await world.simulator.steer("/secret/generic", method: "POST", new)
      }
      if minute % 30 == 15 {
        let secret = "cxauth-canary-new-\(minute - 5)"
        try cx.change { $0.clientSecret = minute < 30 ? .value(secret) : .function { Secret(secret) } }
      }
      #expect(try await cx.data(path: "items").1.statusCode == 200, "minute \(minute)")
      await cx.settle()
      try await world.pass(60)
    }
    let counters = try await world.counters()
    #expect(counters.token_requests > 8)
    #expect(counters.token_requests_refused == 0)
    try await world.expectNoViolations()
  }

  @Test func aSecretThatIsSetAnewLiftsAVerdict() async throws {
    let world = try await World()
    let right = try #require(world.connection().clientSecret)
    let cx = try world.client { connection, _ in connection.clientSecret = "cxauth-canary-wrong" }
    #expect(try await failure { try await cx.token() }.code == .invalidClient)
    #expect(try await failure { try await cx.token() }.code == .invalidClient)
    #expect(try await world.counters().token_requests == 1)
    try cx.change { $0.clientSecret = right }
    #expect(try await cx.token().generation == 1)
    let error = try await failure {
      try cx.change {
        $0.renewal = .refresh; $0.grace = .seconds(-1)
      }
    }
    #expect(error.code == .invalidSetting)
    #expect(try await cx.token().generation == 1)
  }
}
