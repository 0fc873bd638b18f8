import Foundation
import Testing

@testable import CxauthScenarios

/// The runner can fail: on what came out wrong, and on what it does not understand.
@Suite("The runner of scenarios")
struct ReportTests {
  /// A session scenario that holds and uses every kind of place where a key can stand.
  private static let right = #"""
    { "id": "a/b", "kind": "session", "why": "an example", "epoch": 1700000000,
      "connection": { "platform": "cisco-cx-cloud", "client_id": "k", "client_secret": "s" },
      "steps": [
        { "at": 0, "do": "acquire", "as": "one", "expect": { "lead": { "token": null, "request": { "method": "POST",
            "form": { "grant_type": "client_credentials", "client_id": "k", "client_secret": "s" } } } } },
        { "at": 0, "do": "answer", "of": "one", "answer": { "status": 503, "headers": [], "body": "" },
          "expect": { "wait": { "until": [1, 1.5], "error": { "action": "retry" } } }, "wakeup": [1, 1.5],
          "events": ["waiting"] },
        { "at": 2, "do": "acquire" },
        { "at": 2, "do": "answer", "answer": { "status": 200, "body": "{\"access_token\":\"A\",\"expires_in\":3600}" },
          "expect": { "token": { "headers": { "authorization": "Bearer A" }, "expires_at": 3602 } } },
        { "at": 3, "do": "outage", "until": 10, "every": 1, "failure": "connect", "expect": { "requests": 0 } },
        { "at": 11, "do": "refuse", "status": 401, "www_authenticate": "Bearer error=\"invalid_token\"", "body": "",
          "expect": "retry" },
        { "at": 12, "do": "change_secret", "connection": { "client_secret": "t" } }
      ] }
    """#

  /// A scenario that holds, of processes that share a store.
  private static let shared = #"""
    { "id": "a/s", "kind": "session", "store": true,
      "steps": [
        { "at": 0, "do": "acquire", "session": "one", "expect": { "lead": { "token": null } } },
        { "at": 0, "do": "acquire", "session": "two", "as": "waits", "expect": { "locked": { "token": null } } },
        { "at": 1, "do": "go_on", "session": "two", "of": "waits", "expect": { "locked": {} } },
        { "at": 2, "do": "answer", "session": "one",
          "answer": { "status": 200, "body": "{\"access_token\":\"A\",\"expires_in\":3600}" },
          "expect": { "token": { "headers": { "authorization": "Bearer A" } } }, "events": ["renewed"] },
        { "at": 3, "do": "go_on", "session": "two",
          "expect": { "token": { "headers": { "authorization": "Bearer A" } } }, "events": ["renewed"] },
        { "at": 4, "do": "store", "fails": ["save"], "held": true, "snapshot": null },
        { "at": 4, "do": "sign_out", "session": "one", "as": "leaves", "expect": { "locked": { "token": null } } },
        { "at": 5, "do": "give_up", "session": "one", "of": "leaves",
          "expect": { "error": { "action": "retry", "code": "store_unavailable" } } },
        { "at": 6, "do": "store", "held": false },
        { "at": 6, "do": "end", "session": "two", "expect": null, "wakeup": null, "events": [] },
        { "at": 7, "do": "store", "fails": [] },
        { "at": 7, "do": "acquire", "session": "one", "expect": { "lead": { "token": null } } },
        { "at": 7, "do": "store", "loses_lock": true },
        { "at": 7, "do": "acquire", "session": "two", "expect": { "lead": { "token": null } } },
        { "at": 8, "do": "answer", "session": "one",
          "answer": { "status": 200, "body": "{\"access_token\":\"B\",\"expires_in\":3600}" },
          "expect": { "token": { "headers": { "authorization": "Bearer B" } } } },
        { "at": 8, "do": "acquire", "session": "three", "expect": { "locked": { "token": null } } },
        { "at": 8, "do": "abandon", "session": "three" },
        { "at": 8, "do": "store", "loses_lock": true },
        { "at": 8, "do": "sign_out", "session": "three", "as": "left", "expect": null, "events": ["signed_out"] },
        { "at": 8, "do": "answer", "session": "three", "of": "left", "answer": { "status": 503 }, "expect": null },
        { "at": 8, "do": "fail", "session": "three", "failure": "timeout", "expect": null }
      ] }
    """#

  private func example() throws -> JSON {
    try JSON(Data(Self.right.utf8))
  }

  /// A scenario that holds, of people who sign in with a client that signs.
  private static let signingIn = #"""
    { "id": "a/i", "kind": "session",
      "connection": {
        "platform": "generic", "grant": "authorization_code", "client_id": "app",
        "client_authentication": "private_key_jwt", "client_key": { "function": "key", "algorithm": "ES256" },
        "issuer": "https://as.example", "token_endpoint": "https://as.example/token",
        "authorization_endpoint": "https://as.example/authorize?tenant=7",
        "device_authorization_endpoint": "https://as.example/device" },
      "steps": [
        { "at": 0, "do": "sign_in", "redirect_uri": "https://app.example/callback", "as": "browser",
          "expect": { "authorize": { "url": "https://as.example/authorize",
            "parameters": { "tenant": "7", "response_type": "code", "client_id": "app",
              "redirect_uri": "https://app.example/callback", "state": "{state}",
              "code_challenge": "{code_challenge}", "code_challenge_method": "S256" } } } },
        { "at": 1, "do": "redirect", "of": "browser", "url": "https://app.example/callback?code=c&state={state}",
          "expect": { "lead": { "request": { "form": { "grant_type": "authorization_code", "code": "c",
            "code_verifier": "{code_verifier}", "redirect_uri": "https://app.example/callback", "client_id": "app",
            "client_assertion": "{client_assertion}",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" } } } } },
        { "at": 2, "do": "answer", "answer": { "status": 200, "body": "{\"access_token\":\"A\",\"expires_in\":3600}" },
          "expect": { "token": { "expires_at": 3601 } } },
        { "at": 3, "do": "sign_in", "device": true, "as": "device", "expect": { "lead": {} } },
        { "at": 4, "do": "answer", "answer": { "status": 200, "body":
          "{\"device_code\":\"d\",\"user_code\":\"u\",\"verification_uri\":\"https://as.example/d\",\"expires_in\":100}" },
          "expect": { "prompt": { "user_code": "u", "verification_uri": "https://as.example/d",
            "verification_uri_complete": null, "expires_at": 103, "ask_at": 9 } } },
        { "at": 8, "do": "go_on", "of": "device", "expect": { "pause": { "until": 9 } } },
        { "at": 9, "do": "go_on", "signs": false, "expect": { "error": { "code": "secret_unreadable" } } }
      ] }
    """#

  /// A scenario that holds, of what a server says of itself.
  private static let metadata = #"""
    { "id": "a/m", "kind": "metadata", "issuer": "https://as.example",
      "answer": { "status": 200,
        "body": "{\"issuer\":\"https://as.example\",\"token_endpoint\":\"https://as.example/token\"}" },
      "expect": { "settings": { "platform": "generic", "issuer": "https://as.example",
        "token_endpoint": "https://as.example/token", "client_authentication": "client_secret_basic" } } }
    """#

  /// A scenario that holds, of where it says so.
  private static let addresses = #"""
    { "id": "a/w", "kind": "metadata", "issuer": "https://as.example", "addresses": true,
      "expect": ["https://as.example/.well-known/oauth-authorization-server",
        "https://as.example/.well-known/openid-configuration"] }
    """#

  private func sharedExample() throws -> JSON {
    try JSON(Data(Self.shared.utf8))
  }

  /// The example with another value at a place such as `steps 0 expect`.
  private func changed(_ place: String, _ key: String, _ value: JSON, of example: JSON? = nil) throws -> JSON {
    func change(_ inner: JSON, _ path: ArraySlice<Substring>) throws -> JSON {
      if var array = inner.array {
        let index = try #require(path.first.flatMap { Int($0) })
        array[index] = try change(array[index], path.dropFirst())
        return .array(array)
      }
      var object = try #require(inner.object)
      if let name = path.first.map(String.init) {
        object[name] = try change(try #require(object[name]), path.dropFirst())
      } else {
        object[key] = value
      }
      return .object(object)
    }
    return try change(example ?? self.example(), place.split(separator: " ")[...])
  }

  private func withFolder<Result>(_ use: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try use(folder)
  }

  private func run(_ folder: URL) -> (report: Report, lines: [String]) {
    var lines: [String] = []
    let report = Report.run(folder) { lines.append($0) }
    return (report, lines)
  }

  private func run(_ scenarios: JSON...) throws -> (report: Report, lines: [String]) {
    try withFolder { folder in
      try Data(JSON.array(scenarios).written.utf8).write(to: folder.appendingPathComponent("a.json"))
      return run(folder)
    }
  }

  private func expectFailure(_ scenario: JSON, _ words: String..., at location: SourceLocation = #_sourceLocation)
    throws
  {
    let (report, lines) = try run(scenario)
    #expect(report.passed == 0 && report.failed == 1, "\(lines)", sourceLocation: location)
    for word in words {
      #expect(lines[0].contains(word), "\(lines)", sourceLocation: location)
    }
  }

  @Test func anExampleHolds() throws {
    #expect(try run(example()).lines == ["pass a/b", "1 passed, 0 failed"])
  }

  @Test func anExampleWithAStoreHolds() throws {
    #expect(try run(sharedExample()).lines == ["pass a/s", "1 passed, 0 failed"])
  }

  /// Each of them is wrong in one key, which the end of its id names.
  @Test func aWrongValueOfAnyKeyFailsAndIsNamed() throws {
    let root = URL(fileURLWithPath: #filePath).pathComponents.dropLast(5)
    let folder = URL(fileURLWithPath: root.joined(separator: "/") + "/crates/cxauth-cli/tests/wrong")
    let (report, lines) = run(folder)
    #expect(report.passed == 0)
    #expect(report.failed > 60)
    for line in lines.dropLast() {
      let parts = line.dropFirst("FAIL ".count).split(separator: ": ", maxSplits: 1)
      let name = try #require(parts[0].split(separator: "/").last)
      #expect(parts[1].contains(name), "\(line)")
      #expect(!line.contains("; expect"), "\(line)")
      #expect(!line.contains("unknown key"), "\(line)")
    }
  }

  @Test func whatDifferedIsToldInALine() throws {
    var other = try #require(changed("steps 1", "wakeup", .integer(7)).object)
    other["id"] = .text("a/c")
    let lines = try run(example(), .object(other)).lines
    #expect(lines.count == 3)
    #expect(lines[0] == "pass a/b")
    #expect(lines[1].hasPrefix("FAIL a/c: step 1 (answer at 0): wakeup: 7 was expected, "), "\(lines)")
    #expect(lines[2] == "1 passed, 1 failed")
  }

  @Test(arguments: [(0.0009, 0), (-0.001, 0), (0.0011, 1), (-0.002, 1)])
  func timesAreComparedWithinAMillisecond(difference: Double, failed: Int) throws {
    let expected = JSON.object(["token": .object(["expires_at": .number(3602 + difference)])])
    #expect(try run(changed("steps 3", "expect", expected)).report.failed == failed)
  }

  @Test(arguments: [
    "", "connection", "steps 0", "steps 0 expect", "steps 0 expect lead", "steps 0 expect lead request",
    "steps 1 answer",
    "steps 1 expect wait", "steps 1 expect wait error", "steps 3 expect token", "steps 4", "steps 4 expect", "steps 5",
    "steps 6", "steps 6 connection",
  ])
  func anUnknownKeyFailsWhereverItStands(place: String) throws {
    for value in [JSON.integer(1), .null] {
      try expectFailure(changed(place, "surprise", value), "unknown key `surprise`")
    }
  }

  @Test(arguments: ["", "steps 1 expect locked", "steps 2", "steps 5", "steps 7", "steps 9"])
  func anUnknownKeyFailsBesideAStoreToo(place: String) throws {
    for value in [JSON.integer(1), .null] {
      try expectFailure(changed(place, "surprise", value, of: sharedExample()), "unknown key `surprise`")
    }
  }

  @Test(arguments: [
    ("steps 2", "answer"), ("steps 5", "as"), ("steps 5", "session"), ("steps 5", "expect"), ("steps 5", "wakeup"),
    ("steps 5", "events"), ("steps 7", "failure"), ("steps 9", "of"), ("steps 1 expect locked", "request"),
  ])
  func aKeyOfAnotherStepFailsBesideAStoreToo(place: String, key: String) throws {
    try expectFailure(changed(place, key, .text("x"), of: sharedExample()), "unknown key `\(key)`")
  }

  @Test(arguments: [
    ("", "store", JSON.integer(1), "`store`: true or false is wanted"),
    ("", "store", .null, "`store`: true or false is wanted"),
    ("", "store", .bool(false), "this needs the scenario's key `store`"),
    ("steps 0", "session", .integer(1), "`session`: a text is wanted"),
    ("steps 0", "session", .null, "`session`: a text is wanted"),
    ("steps 3", "session", .text("two"), "waits for the lock"),
    ("steps 4", "session", .text("one"), "does not wait for the lock"),
    ("steps 4", "of", .text("nobody"), "`of`: there is no flight nobody"),
    ("steps 5", "fails", .text("save"), "`fails`: an array of names is wanted"),
    ("steps 5", "fails", .array([.text("unlock")]), "`fails`: `unlock` is none of load, lock, save"),
    ("steps 5", "held", .integer(1), "`held`: true or false is wanted"),
    ("steps 5", "held", .bool(false), "`held`: nobody outside has the lock"),
    ("steps 5", "loses_lock", .text("now"), "`loses_lock`: true or false is wanted"),
    ("steps 8", "loses_lock", .bool(true), "`loses_lock`: no process has the lock"),
    ("steps 5", "snapshot", .integer(1), "`snapshot`: a text or null is wanted"),
    ("steps 7", "session", .text("two"), "`of`: there is no flight leaves"),
    ("steps 7", "of", .text("one"), "`of`: there is no flight one"),
    ("steps 8", "held", .bool(true), "`held`: somebody has the lock already"),
    ("steps 9", "session", .text("nobody"), "there is no such process"),
  ])
  func aMistakeAboutProcessesAndTheirStoreFailsAndIsNamed(place: String, key: String, value: JSON, words: String)
    throws
  {
    try expectFailure(changed(place, key, value, of: sharedExample()), words)
  }

  @Test func whatWaitedForTheLockHasSentNothingAbandonedOrNot() throws {
    let scenario = try changed("steps 18", "do", .text("fail"), of: sharedExample())
    try expectFailure(
      changed("steps 18", "failure", .text("timeout"), of: scenario),
      "step 18 (fail at 8): the flight waits for the lock")
  }

  @Test(arguments: ["give_up", "store", "sign_out"])
  func whatNeedsAStoreFailsWithoutOne(action: String) throws {
    var scenario = try changed("steps 2", "do", .text(action))
    if action == "sign_out" { scenario = try changed("steps 2", "as", .text("x"), of: scenario) }
    try expectFailure(scenario, "step 2 (\(action) at 2): this needs the scenario's key `store`")
  }

  @Test func anExampleOfSigningInHolds() throws {
    #expect(try run(JSON(Data(Self.signingIn.utf8))).lines == ["pass a/i", "1 passed, 0 failed"])
  }

  @Test(arguments: [
    ("steps 0 expect authorize", "url", JSON.text("https://as.example/other"), "expect.authorize.url"),
    ("steps 0 expect authorize parameters", "state", .text("x"), "expect.authorize.parameters"),
    ("steps 0 expect authorize parameters", "more", .text("x"), "expect.authorize.parameters"),
    ("steps 0 expect authorize", "more", .text("x"), "unknown key `more`"),
    ("steps 0", "device", .bool(true), "no browser comes back"),
    ("steps 0", "device", .text("yes"), "`device`: true or false is wanted"),
    ("steps 0", "redirect_uri", .integer(1), "`redirect_uri`: a text is wanted"),
    ("steps 0", "signs", .integer(1), "`signs`: true or false is wanted"),
    ("steps 1", "of", .text("nobody"), "there is no sign-in nobody"),
    ("steps 1", "url", .text("https://app.example/callback?code=c"), "expect.lead"),
    ("steps 1 expect lead request form", "code_verifier", .text("x"), "expect.lead.request.form"),
    ("steps 1 expect lead request form", "client_assertion", .text("x"), "expect.lead.request.form"),
    ("steps 4 expect prompt", "user_code", .text("x"), "expect.prompt.user_code"),
    ("steps 4 expect prompt", "verification_uri", .text("x"), "expect.prompt.verification_uri"),
    ("steps 4 expect prompt", "verification_uri_complete", .text("x"), "expect.prompt.verification_uri_complete"),
    ("steps 4 expect prompt", "expires_at", .integer(1), "expect.prompt.expires_at"),
    ("steps 4 expect prompt", "ask_at", .integer(1), "expect.prompt.ask_at"),
    ("steps 5 expect pause", "until", .integer(1), "expect.pause.until"),
    ("steps 5", "of", .text("browser"), "there is no flight browser"),
    ("steps 5", "do", .text("give_up"), "needs the scenario's key `store`"),
    ("steps 6", "signs", .bool(true), "expect.error"),
  ])
  func whatDiffersOrIsMistakenAboutASignInFails(place: String, key: String, value: JSON, words: String) throws {
    try expectFailure(changed(place, key, value, of: JSON(Data(Self.signingIn.utf8))), words)
  }

  @Test func whatPausesHasSentNothing() throws {
    let scenario = try changed("steps 5", "do", .text("fail"), of: JSON(Data(Self.signingIn.utf8)))
    try expectFailure(
      changed("steps 5", "failure", .text("timeout"), of: scenario), "the flight pauses and has sent nothing")
  }

  @Test func aRedirectWithoutASignInFails() throws {
    let step: JSON = .object(["at": .integer(0), "do": .text("redirect"), "url": .text("https://app.example/callback")])
    let scenario = try changed("", "steps", .array([step]), of: JSON(Data(Self.signingIn.utf8)))
    try expectFailure(scenario, "there is no sign-in")
  }

  @Test func metadataIsReadAndWhatDiffersFails() throws {
    let (metadata, addresses) = (try JSON(Data(Self.metadata.utf8)), try JSON(Data(Self.addresses.utf8)))
    #expect(try run(metadata).report.passed == 1)
    #expect(try run(addresses).report.passed == 1)
    try expectFailure(changed("expect settings", "more", .integer(1), of: metadata), "expect.settings")
    try expectFailure(changed("", "issuer", .text("https://other.example"), of: metadata), "metadata_refused")
    try expectFailure(changed("", "addresses", .bool(true), of: metadata), "one of the keys `answer` and `addresses`")
    try expectFailure(changed("", "addresses", .bool(false), of: addresses), "one of the keys `answer` and `addresses`")
    try expectFailure(changed("", "expect", .array([]), of: addresses), "expect: [] was expected")
    try expectFailure(changed("", "expect", .integer(1), of: addresses), "an array of addresses or an error")
    let refused = try changed("", "issuer", .text("http://as.example"), of: addresses)
    try expectFailure(refused, "insecure_url")
    let expected: JSON = .object(["error": .object(["code": .text("insecure_url")])])
    #expect(try run(changed("", "expect", expected, of: refused)).report.passed == 1)
  }

  @Test func otherKindsHaveNoStore() throws {
    let scenario: [String: JSON] = [
      "id": .text("a/b"), "kind": .text("challenge"), "header": .text(""), "expect": .null, "store": .bool(true),
    ]
    try expectFailure(.object(scenario), "unknown key `store`")
  }

  @Test func anUnknownKeyBesideAWrongSettingFails() throws {
    let wrong: JSON = .object(["grant": .text("nothing"), "surprise": .integer(1)])
    try expectFailure(changed("", "connection", wrong), "unknown key `surprise`")
  }

  @Test func anUnknownKeyInsideAnyOfAndNotFails() throws {
    for text in [
      #"{"any_of":[{"lead":{}},{"surprise":{}}]}"#, #"{"not":{"token":{"surprise":1}}}"#,
      #"{"lead":{"token":{"any_of":[null,{"surprise":1}]}}}"#,
    ] {
      try expectFailure(changed("steps 0", "expect", JSON(Data(text.utf8))), "surprise")
    }
  }

  @Test func aKeyOfAnotherStepOrKindFails() throws {
    for (place, key) in [
      ("steps 0", "answer"), ("steps 1", "until"), ("steps 2", "of"), ("steps 5", "as"), ("steps 6", "failure"),
      ("", "header"), ("", "url"), ("", "expect"),
    ] {
      try expectFailure(changed(place, key, .text("x")), "unknown key `\(key)`")
    }
  }

  @Test func whatIsMissingOrOfAWrongKindFails() throws {
    let cases: [(String, String, JSON)] = [
      ("", "id", .integer(1)), ("", "kind", .text("sessions")), ("", "epoch", .bool(true)), ("", "connection", .null),
      ("", "steps", .null), ("steps 0", "do", .text("aquire")), ("steps 0", "at", .text("now")),
      ("steps 1", "of", .text("nobody")), ("steps 1", "events", .text("waiting")),
      ("steps 1 expect wait", "until", .text("later")), ("steps 3 answer", "status", .text("200")),
      ("steps 3 answer", "headers", .array([.array([.text("a")])])), ("steps 3 answer", "body_base64", .text("no")),
      ("steps 4", "failure", .text("dns")), ("steps 4", "every", .integer(0)),
      ("steps 4", "answer", .object(["status": .integer(200)])),
    ]
    for (place, key, value) in cases {
      try expectFailure(changed(place, key, value))
    }
    for (kind, key) in [("answer", "answer"), ("challenge", "header"), ("destination", "url"), ("session", "steps")] {
      try expectFailure(.object(["id": .text("a/b"), "kind": .text(kind)]), "`\(key)` is missing")
    }
    try expectFailure(
      .object(["kind": .text("challenge"), "header": .text("Bearer"), "expect": .null]), "`id`")
    try expectFailure(.text("a/b"))
  }

  @Test func valuesAreComparedAsJSON() throws {
    for expected in [JSON.integer(1), .number(1.0), .text("true")] {
      let connection: JSON = .object(["hosts": .array([.text("api.example")]), "api_key": .text("k")])
      try expectFailure(
        .object([
          "id": .text("a/b"), "kind": .text("destination"), "url": .text("https://api.example/"),
          "connection": connection, "expect": expected,
        ]))
    }
  }

  @Test func aFolderWithoutScenariosFails() throws {
    try withFolder { folder in
      try Data("[]".utf8).write(to: folder.appendingPathComponent("README.md"))
      let (report, lines) = run(folder)
      #expect(lines.last == "0 passed, 1 failed")
      #expect(report.failed == 1)
      #expect(run(folder.appendingPathComponent("nowhere")).report.failed == 1)
    }
    #expect(try run().report.failed == 1)
  }

  @Test func anIdThatComesTwiceFails() throws {
    try withFolder { folder in
      for name in ["a.json", "b.json"] {
        try Data("[\(Self.right)]".utf8).write(to: folder.appendingPathComponent(name))
      }
      let (report, lines) = run(folder)
      #expect(report.passed == 1 && report.failed == 1)
      #expect(lines.contains("FAIL a/b: the id stands twice; here in b.json"), "\(lines)")
    }
  }

  @Test func aDamagedFileFailsAndTheOthersRun() throws {
    let damaged: [[UInt8]] = [
      Array(#"[{ "id": "#.utf8), Array("[NaN]".utf8), Array("[1e999]".utf8), Array(#"["\ud800"]"#.utf8),
      [0xef, 0xbb, 0xbf] + Array("[]".utf8), Array(String(repeating: "[", count: 100_000).utf8),
      Array(#"[""#.utf8) + [0xff] + Array(#""]"#.utf8),
    ]
    try withFolder { folder in
      for (index, bytes) in damaged.enumerated() {
        try Data(bytes).write(to: folder.appendingPathComponent("damaged-\(index).json"))
      }
      try Data("{}".utf8).write(to: folder.appendingPathComponent("object.json"))
      let deeper = folder.appendingPathComponent("deeper")
      try FileManager.default.createDirectory(at: deeper, withIntermediateDirectories: false)
      try Data("[\(Self.right)]".utf8).write(to: deeper.appendingPathComponent("right.json"))
      let (report, lines) = run(folder)
      #expect(report.passed == 1 && report.failed == damaged.count + 1, "\(lines)")
      #expect(lines.filter { $0.contains(".json: is no JSON: ") }.count == damaged.count, "\(lines)")
      #expect(lines.contains("FAIL object.json: is no array of scenarios"), "\(lines)")
      #expect(lines.allSatisfy { $0.count < 300 }, "\(lines)")
    }
  }
}
