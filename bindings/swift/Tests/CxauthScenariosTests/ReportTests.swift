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

  private func example() throws -> JSON {
    try JSON(Data(Self.right.utf8))
  }

  /// The example with another value at a place such as `steps 0 expect`.
  private func changed(_ place: String, _ key: String, _ value: JSON) throws -> JSON {
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
    return try change(example(), place.split(separator: " ")[...])
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
