import Foundation
import Testing

@testable import Cxauth

/// A simulator whose clock stands still, and clients that live by the same clock.
final class World: Sendable {
  let simulator: Simulator
  let clock: ManualClock

  private let connections: Protected<[String: String]>

  init() async throws {
    simulator = try await Simulator()
    try await simulator.steer("/clock", method: "POST", ["frozen": true])
    let reading = try JSONDecoder().decode(Reading.self, from: await simulator.steer("/clock"))
    clock = ManualClock(Date(timeIntervalSince1970: reading.now_ms / 1000))
    let object = try JSONSerialization.jsonObject(with: await simulator.steer("/connections"))
    let texts = try (object as? [String: Any] ?? [:]).mapValues { settings in
      String(decoding: try JSONSerialization.data(withJSONObject: settings), as: UTF8.self)
    }
    connections = Protected(texts)
  }

  private struct Reading: Decodable {
    let now_ms: Double
  }

  /// Time passes for everybody.
  func pass(_ seconds: Double) async throws {
    try await simulator.steer("/clock", method: "POST", ["advance_seconds": .number(seconds)])
    clock.advance(by: .seconds(seconds))
  }

  // MARK: Clients

  /// A connection by its name, such as `generic/password`, as JSON.
  func json(_ name: String) throws -> String {
    try #require(connections.withLock { $0[name] })
  }

  func connection(_ name: String = "generic") throws -> Connection {
    try Connection(json: json(name))
  }

  func client(_ name: String = "generic", change: (inout Connection, inout CxClient.Options) -> Void = { _, _ in })
    throws
    -> CxClient
  {
    var (connection, options) = (try connection(name), CxClient.Options())
    options.clock = clock
    change(&connection, &options)
    return try CxClient(connection, options: options)
  }

  func url(_ platform: String, _ path: String = "") throws -> URL {
    try #require(simulator.platforms[platform].flatMap { URL(string: $0.base + path) })
  }

  // MARK: People

  /// A connection that asks for a person or a key, such as `generic/device-code`.
  func furtherConnection(_ name: String) async throws -> Connection {
    let all = try JSONSerialization.jsonObject(with: await simulator.steer("/further-connections")) as? [String: Any]
    let members = try #require(all?[name])
    let settings = try JSONSerialization.data(withJSONObject: members)
    return try Connection(json: String(decoding: settings, as: UTF8.self))
  }

  func further(
    _ name: String, change: (inout Connection, inout CxClient.Options) -> Void = { _, _ in }
  ) async throws -> CxClient {
    var (connection, options) = (try await furtherConnection("generic/\(name)"), CxClient.Options())
    options.clock = clock
    change(&connection, &options)
    return try CxClient(connection, options: options)
  }

  /// A person opens the address in a browser and decides. The address that the browser comes back to.
  func signIn(_ url: URL, _ decision: String = "approve") async throws -> URL {
    let answer = try await simulator.steer(
      "/sign-in", method: "POST", ["url": .text(url.absoluteString), "decision": .text(decision)])
    let members = try JSONDecoder().decode([String: String].self, from: answer)
    return try #require(members["redirect"].flatMap(URL.init(string:)))
  }

  /// A person decides about the device that waits: `approve`, `deny`; or the server: `slow_down`, `expire`.
  func decideDevice(_ decision: String) async throws {
    try await simulator.steer("/device", method: "POST", ["decision": .text(decision)])
  }

  // MARK: Faults

  /// Arms a fault and returns its number.
  @discardableResult
  func arm(
    _ effect: JSON, at endpoints: [String] = [], on platform: String? = nil, times: Int? = nil, skip: Int = 0,
    processed: Bool = false, fraction: Double? = nil
  ) async throws -> Int {
    let fault: JSON = [
      "effect": effect, "endpoints": .array(endpoints.map(JSON.text)), "platform": platform.map(JSON.text) ?? nil,
      "times": times.map { .number(Double($0)) } ?? nil, "skip": .number(Double(skip)), "processed": .bool(processed),
      "fraction": fraction.map(JSON.number) ?? nil,
    ]
    let armed = try JSONDecoder().decode(
      [String: Int].self, from: await simulator.steer("/faults", method: "POST", fault))
    return try #require(armed["number"])
  }

  /// All token requests wait until they are released.
  func hold(times: Int? = nil) async throws {
    try await arm(["kind": "hold"], at: tokens, times: times)
  }

  func clearFault(_ number: Int) async throws {
    try await simulator.steer("/faults/\(number)", method: "DELETE")
  }

  func clearFaults() async throws {
    try await simulator.steer("/faults", method: "DELETE")
    try await release()
  }

  func release() async throws {
    try await simulator.steer("/release", method: "POST")
  }

  func revokeAccessTokens(_ platform: String = "generic") async throws {
    try await simulator.steer("/revoke/\(platform)", method: "POST", ["access_tokens": true])
  }

  func configure(_ platform: String = "generic", _ settings: JSON) async throws {
    try await simulator.steer("/settings/\(platform)", method: "PATCH", settings)
  }

  // MARK: What was asked

  func journal(_ platform: String = "generic") async throws -> Journal {
    try JSONDecoder().decode(Journal.self, from: await simulator.steer("/journal/\(platform)"))
  }

  func counters(_ platform: String = "generic") async throws -> Journal.Counters {
    try await journal(platform).counters
  }

  func wait(for counter: String, _ count: Int, on platform: String = "generic") async throws {
    let body: JSON = [
      "platform": .text(platform), "counter": .text(counter), "at_least": .number(Double(count)),
      "timeout_seconds": 60,
    ]
    try await simulator.steer("/wait", method: "POST", body)
  }

  func expectNoViolations(_ location: SourceLocation = #_sourceLocation) async throws {
    let violations = String(decoding: try await simulator.steer("/violations"), as: UTF8.self)
    #expect(violations == "[]", sourceLocation: location)
  }
}

let tokens = ["token", "refresh"]
let api = ["api"]

struct Journal: Decodable {
  let counters: Counters
  let log: [Entry]

  struct Counters: Decodable {
    let requests: Int
    let token_requests: Int
    let refresh_requests: Int
    let token_requests_accepted: Int
    let token_requests_refused: Int
    let api_requests: Int
    let reuse_detections: Int
  }

  struct Entry: Decodable {
    let method: String
    let path: String
    let header_names: [String]
    let field_names: [String]
    let status: Int?
  }
}

/// Waits for a condition that has no signal of its own; a test's time limit ends what never comes true.
func until(_ condition: () async throws -> Bool) async throws {
  while try await !condition() {
    try Task.checkCancellation()
    await Task.yield()
  }
}

/// The error that the work fails with.
func failure(_ location: SourceLocation = #_sourceLocation, _ work: () async throws -> some Any) async throws -> CxError
{
  do {
    let value = try await work()
    throw Simulator.Failure(description: "no error, but \(value)")
  } catch let error as CxError {
    return error
  }
}
