import Foundation
import Testing

@testable import Cxauth

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("No secret is printed, whatever goes wrong", .timeLimit(.minutes(2)))
struct CanaryTests {
  private static let canary = "cxauth-canary-"

  /// Everything that a program might print of a value.
  private func printed(_ value: Any) -> String {
    var dumped = ""
    dump(value, to: &dumped, maxDepth: 20)
    let mirror = Mirror(reflecting: value)
    let children = mirror.children.map { "\($0.label ?? ""): \($0.value) \(String(reflecting: $0.value))" }
    let localized = (value as? any Error)?.localizedDescription ?? ""
    return ["\(value)", String(reflecting: value), String(describing: value), dumped, localized, children.joined()]
      .joined(separator: "\n")
  }

  @Test func valuesShowNothing() throws {
    var connection = Connection.cloudCX(
      domain: "cx.example", clientID: "id", username: "si", password: "cxauth-canary-1")
    connection.clientSecret = .value("cxauth-canary-2")
    connection.apiKey = .command(["pass", "cxauth-canary-3"])
    connection.refreshToken = .function { "cxauth-canary-4" }
    connection.headers = ["X-One": "cxauth-canary-5"]
    connection.parameters = ["p": "cxauth-canary-6"]
    connection.apiHeaders = ["X-Two": "cxauth-canary-7"]
    var options = CxClient.Options()
    options.provide = { ProvidedToken("cxauth-canary-8") }
    let secret = Secret("cxauth-canary-9")
    let values: [Any] = [
      secret, [secret], ["key": secret], Optional(secret) as Any, (1, secret),
      Result<Secret, any Error>.success(secret),
      SecretSource.value("cxauth-canary-10"), connection, options, ProvidedToken("cxauth-canary-11"),
      try CxClient(connection, options: options),
    ]
    for value in values {
      let text = printed(value)
      #expect(!text.contains(Self.canary))
    }
    // What is no secret is there, so that a person can see what was set.
    #expect(printed(connection).contains("cx.example"))
    #expect(printed(connection).contains("X-One"))
    #expect(secret.reveal() == "cxauth-canary-9")
  }

  @Test func nothingSecretCanBeEncoded() {
    for type in [
      Secret.self, SecretSource.self, Connection.self, AccessToken.self, ProvidedToken.self, CxClient.self,
    ] as [Any.Type] {
      #expect(!(type is any Encodable.Type), "\(type)")
    }
  }

  @Test(arguments: [("generic", 1), ("generic/password", 2), ("generic/basic", 5), ("cloudlx", 5)])
  func aClientInTroubleShowsNothing(name: String, every: Int) async throws {
    let world = try await World()
    var seen: [String] = []
    for (number, fault) in Self.faults.enumerated() where number.isMultiple(of: every) {
      let cx = try world.client(name) { $1.timeout = .seconds(5) }
      let happened = cx.events
      try await world.arm(fault.effect, at: fault.endpoints, times: 3, skip: number % 5 == 0 ? 1 : 0)
      for _ in 0..<2 {
        await seen.append(exercise(cx))
        await cx.settle()
        try await world.pass(1800)
      }
      try cx.change { $0.clientSecret = "cxauth-canary-changed" }
      seen.append(printed(cx))
      try await cx.signOut()
      try await world.clearFaults()
      cx.keeper.events.finish()
      for await event in happened { seen.append(printed(event)) }
    }
    try await world.expectNoViolations()

    let text = seen.joined(separator: "\n")
    // Each of these kinds was seen, or the test saw nothing at all.
    let ofAll = every == 1 ? ["waiting", "invalid_client", "refused", "URLError"] : []
    for part in ["AccessToken(hidden", "renewed"] + ofAll {
      let wasSeen = text.contains(part)
      #expect(wasSeen, "\(part)")
    }
    let secrets = try JSONDecoder().decode([String].self, from: await world.simulator.steer("/secrets"))
    #expect(secrets.count > 5)
    for secret in secrets + ["cxauth-canary-changed"] {
      let found = text.range(of: secret).map { text[..<$0.upperBound].suffix(200) }
      #expect(found == nil)
    }
  }

  /// Everything that a program might do with a client that is in trouble.
  private func exercise(_ cx: CxClient) async -> String {
    var seen: [Any] = [cx]
    do {
      let token = try await cx.token()
      seen.append(token)
    } catch {
      seen.append(error)
    }
    do {
      var request = try cx.request(path: "whoami", method: "POST")
      request.httpBody = Data("x".utf8)
      let (data, response) = try await cx.data(for: request)
      seen += [String(decoding: data, as: UTF8.self), response.statusCode]
    } catch {
      seen.append(error)
    }
    seen += [cx.status, cx.status.state, cx.currentToken as Any, cx]
    return seen.map(printed).joined(separator: "\n")
  }

  private static var faults: [(effect: JSON, endpoints: [String])] {
    var faults: [(effect: JSON, endpoints: [String])] = []
    for status in [204, 300, 400, 401, 403, 404, 429, 500, 503] {
      let effect: JSON = ["kind": "status", "status": .number(Double(status)), "body": "<html>"]
      faults += [(effect, tokens), (effect, api)]
    }
    for error in ["invalid_client", "invalid_grant", "invalid_request", "\u{1b}[2J"] {
      faults.append(
        (["kind": "oauth_error", "status": 400, "error": .text(error), "description": "\u{1b}[31mred\r\n"], tokens))
    }
    for target: JSON in ["same_host", "cross_host", "loop"] {
      let effect: JSON = ["kind": "redirect", "status": 307, "to": target]
      faults += [(effect, tokens), (effect, api)]
    }
    for form in ["bad_json", "wrong_types", "html", "invalid_utf8", "header_injection", "deep_nesting"] {
      faults.append((["kind": "malformed", "form": .text(form)], tokens))
    }
    let others: [JSON] = [
      ["kind": "drop"], ["kind": "truncate", "keep": 40], ["kind": "huge", "bytes": 100_000],
      ["kind": "headers", "set": [["set-cookie", "a=b"]]], ["kind": "unauthorized", "challenge": nil],
      ["kind": "unauthorized", "challenge": " , Bearer ="],
    ]
    for effect in others {
      faults += [(effect, tokens), (effect, api)]
    }
    return faults
  }
}
