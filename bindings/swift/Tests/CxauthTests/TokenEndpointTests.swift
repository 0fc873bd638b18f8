import Foundation
import Testing

@testable import Cxauth

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Token endpoints that misbehave", .timeLimit(.minutes(2)))
struct TokenEndpointTests {
  private func code(_ cx: CxClient, _ location: SourceLocation = #_sourceLocation) async throws -> CxError.Code {
    try await failure(location) { try await cx.token() }.code
  }

  @Test(arguments: ["generic", "generic/password"], [301, 302, 303, 307, 308])
  func aRedirectIsNotFollowed(name: String, status: Int) async throws {
    let world = try await World()
    let cx = try world.client(name)
    for target: JSON in ["same_host", "cross_host", "loop"] {
      let before = try await world.counters().requests
      let number = try await world.arm(
        ["kind": "redirect", "status": .number(Double(status)), "to": target], at: tokens)
      let error = try await failure { try await cx.token() }
      #expect(error.code == .redirected)
      #expect(error.action == .retry)
      #expect(try await world.counters().requests == before + 1)
      try await world.clearFault(number)
      try await cx.signOut()
      try await world.pass(600)
    }
    #expect(try await world.counters("elsewhere").requests == 0)
    try await world.expectNoViolations()
  }

  @Test(
    arguments: [
      ["kind": "huge", "bytes": 8_000_000], ["kind": "huge", "bytes": 70_000],
      ["kind": "endless", "chunk": 65_536, "limit": 100_000_000],
      ["kind": "endless", "chunk": 4096, "limit": 1_000_000_000],
      ["kind": "malformed", "form": "deep_nesting"],
    ] as [JSON])
  func hugeAndEndlessAnswersAreCutOff(effect: JSON) async throws {
    let world = try await World()
    let cx = try world.client()
    try await world.arm(effect, at: tokens, times: 1)
    #expect(try await code(cx) == .answerTooLarge)
    try await world.pass(2)
    #expect(try await cx.token().generation == 1)
  }

  @Test func whatIsBelowTheLimitIsRead() async throws {
    let world = try await World()
    try await world.arm(["kind": "huge", "bytes": 60_000], at: tokens, times: 1)
    let cx = try world.client()
    #expect(try await cx.token().generation == 1)
  }

  @Test(arguments: [["kind": "endless", "chunk": 1, "pause_ms": 20], ["kind": "hold"]] as [JSON])
  func aSlowAnswerEndsAtTheTimeLimit(effect: JSON) async throws {
    let world = try await World()
    let cx = try world.client { $1.timeout = .milliseconds(300) }
    try await world.arm(effect, at: tokens, times: 1)
    #expect(try await code(cx) == .timedOut)
    #expect(cx.status.state == .waiting)
  }

  @Test(arguments: [
    "bad_json", "duplicate_members", "wrong_types", "html", "empty", "invalid_utf8", "trailing_garbage",
    "header_injection",
  ])
  func whatIsMalformedIsNotTakenForAbsent(form: String) async throws {
    let world = try await World()
    try await world.arm(["kind": "malformed", "form": .text(form)], at: tokens)
    let cx = try world.client()
    #expect(try await code(cx) == .answerMalformed)
  }

  /// The token endpoint's own 401, with challenges that FoundationNetworking does not survive by itself.
  @Test(arguments: ["Basic", #"Basic realm="x""#, "Bearer"])
  func aRefusedClientIsToldWhy(challenge: String) async throws {
    let world = try await World()
    try await world.arm(
      [
        "kind": "status", "status": 401, "headers": [["www-authenticate", .text(challenge)]],
        "body": #"{"error":"invalid_client","error_description":"who?"}"#,
      ], at: tokens)
    let error = try await failure { try await world.client().token() }
    #expect(error.code == .invalidClient)
    #expect(error.action == .fixConfiguration)
    #expect(error.status == 401)
    #expect(error.serverDescription == "who?")
  }

  @Test(arguments: [["kind": "drop"], ["kind": "truncate", "keep": 10]] as [JSON])
  func aBrokenAnswerMayHaveSpentTheRefreshToken(effect: JSON) async throws {
    let world = try await World()
    let cx = try world.client("generic/password")
    _ = try await cx.token()
    try await world.pass(7200)
    try await world.arm(effect, at: tokens, times: 1, processed: true)
    #expect(try await code(cx) == .interrupted)
    try await world.pass(100)
    // The refresh token was the only way: it is sent once more, when nothing can be lost by it any more.
    #expect(try await code(cx) == .invalidGrant)
    #expect(try await world.counters().refresh_requests == 2)
    #expect(try await code(cx) == .invalidGrant)
    #expect(try await world.counters().refresh_requests == 2)
    try await world.expectNoViolations()
  }

  @Test func aServerThatIsNotThereHasSpentNothing() async throws {
    var connection = Connection()
    connection.tokenEndpoint = URL(string: "http://127.0.0.1:9/token")
    (connection.clientID, connection.clientSecret) = ("id", "cxauth-canary-secret")
    let error = try await failure { try await CxClient(connection).token() }
    #expect(error.code == .serverUnreachable)
    #expect(error.action == .retry)
    #expect(error.explanation.contains("refuses"), "\(error)")
  }

  @Test func aServerWithoutTlsGetsNoRequest() async throws {
    let world = try await World()
    let cx = try world.client { connection, _ in
      let address = connection.tokenEndpoint?.absoluteString.replacingOccurrences(of: "http:", with: "https:")
      connection.tokenEndpoint = address.flatMap(URL.init(string:))
    }
    #expect(try await code(cx) == .serverUnreachable)
    #expect(try await world.counters().requests == 0)
  }

  @Test func eachTokenRequestCarriesWhatItShouldAndNothingOfOthers() async throws {
    let world = try await World()
    try await world.arm(["kind": "headers", "set": [["set-cookie", "a=b; path=/"]]], at: tokens)
    let storage = HTTPCookieStorage.shared
    let cookie = try #require(HTTPCookie(properties: [.name: "c", .value: "d", .domain: "127.0.0.1", .path: "/token"]))
    storage.setCookie(cookie)
    defer { storage.deleteCookie(cookie) }
    let cx = try world.client {
      $1.tokenSessionConfiguration = {
        let configuration = URLSessionConfiguration.default
        configuration.httpAdditionalHeaders = ["X-Of-The-User": "1"]
        return configuration
      }
    }
    for _ in 0..<3 {
      _ = try await cx.token()
      try await world.pass(7200)
    }
    let journal = try await world.journal()
    #expect(journal.counters.token_requests_accepted == 3)
    for entry in journal.log {
      for foreign in ["cookie", "referer", "x-of-the-user"] {
        #expect(!entry.header_names.contains(foreign), "\(entry.header_names)")
      }
    }
    try await world.expectNoViolations()
  }

  @Test func realTimeWorksToo() async throws {
    let world = try await World()
    try await world.simulator.steer("/clock", method: "POST", ["frozen": false])
    let cx = try CxClient(world.connection())
    #expect(try await cx.data(path: "items").1.statusCode == 200)
  }
}
