import Foundation
import Testing

@testable import Cxauth

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("Requests to the API", .timeLimit(.minutes(2)))
struct RequestTests {
  private func redirect(_ status: Int, _ target: JSON) -> JSON {
    ["kind": "redirect", "status": .number(Double(status)), "to": target]
  }

  private func answer(_ status: Int, _ body: String) -> JSON {
    [
      "kind": "status", "status": .number(Double(status)), "headers": [["content-type", "application/json"]],
      "body": .text(body),
    ]
  }

  private func unauthorized(_ challenge: String?) -> JSON {
    ["kind": "unauthorized", "challenge": challenge.map(JSON.text) ?? nil]
  }

  @Test(arguments: [
    ("generic", "items"), ("cloudcx", "user/page?pageIndex=1"), ("cloudcx/api-key", "/user/page"),
    ("cisco-cx-cloud", "inventory/hardware"), ("cloudlx", "services"),
  ])
  func aPathIsEnoughOnEveryPlatform(name: String, path: String) async throws {
    let world = try await World()
    let (data, response) = try await world.client(name).data(path: path)
    #expect(response.statusCode == 200)
    #expect(!data.isEmpty)
    try await world.expectNoViolations()
  }

  @Test func aPostIsAsEasy() async throws {
    let world = try await World()
    let cx = try world.client("sangoma-cx")
    var call = try cx.request(path: "api/v1/queues/call/", method: "POST")
    call.httpBody = Data(#"{"queue":"1"}"#.utf8)
    call.setValue("application/json", forHTTPHeaderField: "Content-Type")
    let (data, response) = try await cx.data(for: call)
    #expect(response.statusCode == 200)
    #expect(String(decoding: data, as: UTF8.self).contains("queued"))
  }

  @Test func aRelativeAddressStartsAtTheApisBase() async throws {
    let world = try await World()
    let relative = try #require(URL(string: "items?page=2"))
    let (data, response) = try await world.client().data(for: URLRequest(url: relative))
    #expect(response.url?.path == "/api/items")
    #expect(String(decoding: data, as: UTF8.self).contains("Item 21"))
  }

  @Test func aRefusedDestinationGetsNothingAtAll() async throws {
    let world = try await World()
    let cx = try world.client()
    let withUser = try world.url("generic", "/api/items").absoluteString.replacingOccurrences(of: "//", with: "//user@")
    for text in [
      try world.url("elsewhere", "/api").absoluteString, "http://api.example/", withUser, "ftp://127.0.0.1/",
    ] {
      let url = try #require(URL(string: text))
      var request = URLRequest(url: url)
      #expect(!cx.allows(url))
      #expect(try await failure { try await cx.data(for: request) }.code == .destinationRefused)
      #expect(try await failure { try await cx.bytes(for: request) }.code == .destinationRefused)
      #expect(try await failure { try await cx.authorize(&request) }.code == .destinationRefused)
      #expect(try await failure { try await cx.headers(for: url) }.code == .destinationRefused)
      #expect(try await failure { try cx.request(path: text) }.action == .fixConfiguration)
      #expect(request.allHTTPHeaderFields ?? [:] == [:])
    }
    #expect(try await world.counters().requests == 0)
    #expect(try await world.counters("elsewhere").requests == 0)
  }

  @Test func aRequestCarriesOneCredential() async throws {
    let world = try await World()
    let cx = try world.client()
    var request = try cx.request(path: "items")
    request.setValue("Basic bW9yZQ==", forHTTPHeaderField: "Authorization")
    let token = try await cx.authorize(&request)
    let header = try #require(request.value(forHTTPHeaderField: "authorization"))
    #expect(header == "Bearer " + token.value.reveal())
    #expect(request.allHTTPHeaderFields?.count == 1)
    #expect(try await cx.data(for: request).1.statusCode == 200)
    #expect(try await cx.headers(for: #require(request.url)) == ["authorization": header])
    try await world.expectNoViolations()
  }

  // MARK: Refusals

  @Test func aRefusedTokenIsRenewedOnceAndTheRequestSentOnceMore() async throws {
    let world = try await World()
    let cx = try world.client()
    _ = try await cx.token()
    try await world.revokeAccessTokens()
    #expect(try await cx.data(path: "items").1.statusCode == 200)
    var counters = try await world.counters()
    #expect(counters.token_requests == 2)
    #expect(counters.api_requests == 2)

    // A young token that came from a refusal is not doubted again.
    try await world.arm(unauthorized(nil), at: api)
    #expect(try await cx.data(path: "items").1.statusCode == 401)
    counters = try await world.counters()
    #expect(counters.token_requests == 2)
    #expect(counters.api_requests == 3)
    try await world.expectNoViolations()
  }

  @Test func aRequestIsSentTwiceAtMost() async throws {
    let world = try await World()
    let cx = try world.client()
    try await world.arm(unauthorized(nil), at: api, times: 3)
    try await world.arm(["kind": "hold"], at: api, times: 1, skip: 1)
    let calling = Task { try await cx.data(path: "items").1.statusCode }
    try await world.wait(for: "api_requests", 2)
    // By now the second token is old enough for its refusal to be believed.
    try await world.pass(100)
    try await world.release()
    #expect(try await calling.value == 401)
    #expect(try await world.counters().api_requests == 2)
  }

  /// FoundationNetworking by itself ends the process at the first of these, and waits for ever at `Basic`.
  @Test(arguments: [
    "Bearer", #"Bearer realm="x""#, #"Bearer error="invalid_token""#, "Negotiate", "Basic", "Basic realm=x",
    #"Basic realm="x""#, #"Digest realm="x", nonce="y""#, "NTLM, Negotiate abc", ", Bearer =", "",
  ])
  func aRefusalWithAnyChallengeIsSurvived(challenge: String) async throws {
    let world = try await World()
    let cx = try world.client()
    try await world.arm(unauthorized(challenge), at: api, times: 1)
    #expect(try await cx.data(path: "items").1.statusCode == 200)
    #expect(try await world.counters().token_requests == 2)
    // A 401 that is the caller's has its body.
    try await world.arm(answer(401, "no"), at: api)
    let (data, response) = try await cx.data(path: "items")
    #expect(response.statusCode == 401)
    #expect(data == Data("no".utf8))
  }

  @Test func aRefusalThatAnotherTokenWouldNotChangeIsLeftAlone() async throws {
    let world = try await World()
    let cx = try world.client()
    _ = try await cx.token()
    let effects = [
      unauthorized(#"Bearer error="insufficient_scope""#), unauthorized(#"Bearer error="invalid_request""#),
      ["kind": "gateway", "code": "ERR_403_DEVELOPER_OVER_QPS"], answer(403, #"{"error":"forbidden"}"#),
      answer(404, "{}"), answer(500, #"{"error":"server_error"}"#), answer(429, ""),
    ]
    for (nth, effect) in effects.enumerated() {
      let number = try await world.arm(effect, at: api)
      #expect(try await cx.data(path: "items").1.statusCode >= 400)
      #expect(try await world.counters().api_requests == nth + 1)
      try await world.clearFault(number)
    }
    #expect(try await world.counters().token_requests == 1)
  }

  @Test func aRefusalInTheBodyCountsAndTheBodyStaysWhole() async throws {
    let world = try await World()
    let cx = try world.client()
    try await world.arm(answer(403, #"{"error":"invalid_token"}"#), at: api, times: 1)
    #expect(try await cx.data(path: "items").1.statusCode == 200)
    #expect(try await world.counters().token_requests == 2)

    let body = #"{"error":"other","more":""# + String(repeating: "x", count: 100_000) + #""}"#
    let number = try await world.arm(answer(400, body), at: api)
    let (data, response) = try await cx.data(path: "items?page=1")
    #expect(response.statusCode == 400)
    #expect(response.url?.absoluteString.hasSuffix("/api/items?page=1") == true)
    #expect(data == Data(body.utf8))
    try await world.clearFault(number)

    try await world.arm(["kind": "truncate", "keep": 10], at: api)
    try await world.pass(100)
    await #expect(throws: URLError.self) { try await cx.data(path: "nowhere") }
  }

  @Test func aStreamIsNotSentAgain() async throws {
    let world = try await World()
    let cx = try world.client()
    _ = try await cx.token()
    try await world.revokeAccessTokens()
    func streamed() throws -> URLRequest {
      var request = try cx.request(path: "whoami", method: "POST")
      request.httpBodyStream = InputStream(data: Data("ab".utf8))
      return request
    }
    #expect(try await cx.data(for: streamed()).1.statusCode == 401)
    #expect(try await world.counters().api_requests == 1)
    // The next request renews.
    #expect(try await cx.data(for: streamed()).1.statusCode == 200)
    #expect(try await world.counters().token_requests == 2)
  }

  @Test func bytesAndFilesAreSentAgain() async throws {
    let world = try await World()
    let cx = try world.client()
    let request = try cx.request(path: "whoami", method: "POST")
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data("from a file".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    _ = try await cx.token()
    try await world.revokeAccessTokens()
    #expect(try await cx.upload(for: request, from: Data("ab".utf8)).1.statusCode == 200)
    try await world.pass(100)
    try await world.revokeAccessTokens()
    #expect(try await cx.upload(for: request, fromFile: file).1.statusCode == 200)
    let counters = try await world.counters()
    #expect(counters.api_requests == 4)
    #expect(counters.token_requests == 3)
  }

  @Test func aRefusalCanBeToldByHand() async throws {
    let world = try await World()
    let cx = try world.client()
    let token = try await cx.token()
    let url = try world.url("generic")
    func response(_ status: Int) throws -> HTTPURLResponse {
      try #require(HTTPURLResponse(url: url, statusCode: status, httpVersion: nil, headerFields: nil))
    }
    #expect(try cx.refused(token, response: response(200)) == .leave)
    #expect(try cx.refused(token, response: response(401)) == .retry)
    #expect(cx.currentToken == nil)
    #expect(try cx.refused(token, response: response(401)) == .retry)
    #expect(try await cx.token().generation == 2)
    // An old one.
    #expect(try cx.refused(token, response: response(401)) == .retry)
    #expect(try await world.counters().token_requests == 2)
  }

  // MARK: Redirects

  @Test(arguments: [301, 302, 303, 307, 308])
  func aRedirectWithinTheAllowedHostsKeepsTheToken(status: Int) async throws {
    let world = try await World()
    let cx = try world.client()
    try await world.arm(redirect(status, "same_host"), at: api, times: 1)
    var request = try cx.request(path: "whoami", method: "POST")
    request.httpBody = Data("[]".utf8)
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    #expect(try await cx.data(for: request).1.statusCode == 200)
    let last = try #require(try await world.journal().log.last)
    #expect(last.path == "/redirected/api")
    #expect(last.method == (status < 304 ? "GET" : "POST"))
    #expect(last.header_names.contains("content-type") == (last.method == "POST"))
    #expect(try await world.counters().token_requests == 1)
    try await world.expectNoViolations()
  }

  @Test(arguments: ["authorization", "x-api-key"], [301, 302, 303, 307, 308])
  func aRedirectToAnotherHostDropsTheCredentialWhateverHeaderCarriesIt(header: String, status: Int) async throws {
    let world = try await World()
    let isBearer = header == "authorization"
    try await world.configure(
      "cloudcx", ["api_key_header": .text(header), "api_key_prefix": isBearer ? "Bearer" : ""])
    let cx = try world.client("cloudcx/api-key") { connection, _ in
      if !isBearer { (connection.header, connection.prefix) = ("X-API-Key", "") }
    }
    #expect(try await cx.data(path: "user/page").1.statusCode == 200)
    try await world.arm(redirect(status, "cross_host"), at: api, times: 1)
    var request = try cx.request(path: "user/page")
    request.setValue("session=1", forHTTPHeaderField: "Cookie")
    request.setValue("cxauth-canary-of-the-caller", forHTTPHeaderField: header.uppercased())
    request.setValue("stays", forHTTPHeaderField: "X-Mine")
    let (_, response) = try await cx.data(for: request)
    #expect(response.statusCode == 200)
    #expect(try response.url?.port == world.url("elsewhere").port)
    let names = try #require(try await world.journal("elsewhere").log.last).header_names
    #expect(!names.contains(header) && !names.contains("cookie"), "\(names)")
    #expect(names.contains("x-mine"))
    try await world.expectNoViolations()
  }

  @Test func aFileFollowsARedirect() async throws {
    let world = try await World()
    let cx = try world.client()
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data("from a file".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try await world.arm(redirect(307, "same_host"), at: api, times: 1)
    let request = try cx.request(path: "whoami", method: "POST")
    #expect(try await cx.upload(for: request, fromFile: file).1.statusCode == 200)
    #expect(try await world.journal().log.last?.method == "POST")
  }

  @Test func whatCannotBeFollowedIsReturned() async throws {
    let world = try await World()
    let cx = try world.client()
    try await world.arm(redirect(302, "loop"), at: api)
    #expect(try await cx.data(path: "items").1.statusCode == 302)
    #expect(try await world.counters().api_requests == 11)
    try await world.clearFaults()
    let targets = [
      "http://user:password@127.0.0.1/", "ftp://127.0.0.1/", "http://", "http://[::1", "http:///x", "mailto:a@b",
    ]
    for target in targets {
      try await world.arm(redirect(302, ["url": .text(target)]), at: api, times: 1)
      #expect(try await cx.data(path: "items").1.statusCode == 302, "\(target)")
    }
    try await world.arm(answer(304, ""), at: api, times: 1)
    #expect(try await cx.data(path: "items").1.statusCode == 304)
    try await world.arm(redirect(307, "same_host"), at: api, times: 1)
    var request = try cx.request(path: "whoami", method: "POST")
    request.httpBodyStream = InputStream(data: Data("ab".utf8))
    #expect(try await cx.data(for: request).1.statusCode == 307)
    try await world.expectNoViolations()
  }

  // MARK: Streaming

  @Test func aBodyIsStreamedAndNotBuffered() async throws {
    let world = try await World()
    let cx = try world.client()
    try await world.arm(["kind": "endless", "chunk": 10_000, "pause_ms": 1, "limit": 1_000_000_000], at: api, times: 1)
    let (bytes, response) = try await cx.bytes(for: cx.request(path: "items"))
    #expect(response.statusCode == 200)
    var length = 0
    for try await chunk in bytes.chunks {
      length += chunk.count
      if length > 100_000 { break }
    }
    #expect(length > 100_000)
    // The rest is given up, and the client goes on.
    #expect(try await cx.data(path: "items").1.statusCode == 200)
  }

  @Test func aBodyCanBeReadByteByByte() async throws {
    let world = try await World()
    let cx = try world.client()
    try await world.arm(answer(400, "abc"), at: api, times: 1)
    let (bytes, response) = try await cx.bytes(for: cx.request(path: "items"))
    #expect(response.statusCode == 400)
    #expect(try await bytes.reduce(into: []) { $0.append($1) } == Array("abc".utf8))
  }

  @Test func aReaderThatIsCancelledHearsOfIt() async throws {
    let world = try await World()
    let cx = try world.client()
    try await world.arm(["kind": "endless", "chunk": 1, "pause_ms": 5, "limit": 1_000_000], at: api, times: 1)
    let (started, start) = AsyncStream.makeStream(of: Void.self)
    let reading = Task {
      let (bytes, _) = try await cx.bytes(for: cx.request(path: "items"))
      for try await _ in bytes { start.yield() }
    }
    for await _ in started { break }
    reading.cancel()
    await #expect(throws: CancellationError.self) { try await reading.value }
  }

  @Test func aRequestThatIsCancelledHearsOfIt() async throws {
    let world = try await World()
    let cx = try world.client()
    try await world.arm(["kind": "hold"], at: api)
    let calling = Task { try await cx.data(path: "items") }
    try await world.wait(for: "api_requests", 1)
    calling.cancel()
    await #expect(throws: CancellationError.self) { try await calling.value }
  }

  @Test func anApiThatIsNotThereIsAnErrorOfItsOwn() async throws {
    let world = try await World()
    let cx = try world.client { connection, _ in connection.apiBase = URL(string: "http://127.0.0.1:9/api/") }
    await #expect(throws: URLError.self) { try await cx.data(path: "items") }
  }

  @Test func aClientThatIsGoneLetsItsBodiesEnd() async throws {
    let world = try await World()
    var cx: CxClient? = try world.client()
    let request = try #require(try cx?.request(path: "items"))
    let (bytes, _) = try #require(try await cx?.bytes(for: request))
    cx = nil
    var length = 0
    for try await chunk in bytes.chunks { length += chunk.count }
    #expect(length > 100)
  }
}
