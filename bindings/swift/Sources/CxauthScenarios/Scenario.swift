import CxauthBridge
import Foundation

/// One scenario: reading it, and running it by its kind.
enum Scenario {
  /// A session scenario must hold for every entropy; it is repeated with this many.
  private static let entropies: UInt8 = 16

  /// Runs a scenario; it throws what is wrong with it or what differed.
  static func run(_ value: JSON) throws {
    var reader = try Reader(value, "scenario")
    _ = try reader.text("id")
    _ = try reader.optionalText("why")
    let run = try reader.choice("kind", kinds)
    let epoch = try reader.number("epoch", or: 1_700_000_000)
    let settings = try reader.object("connection", or: Connections.standard)
    try Connections.check(settings)
    try run(&reader, settings, epoch)
  }

  private static var kinds: [String: (inout Reader, [String: JSON], Double) throws -> Void] {
    ["answer": answer, "session": session, "challenge": challenge, "destination": destination, "metadata": metadata]
  }

  private static func challenge(_ reader: inout Reader, _ settings: [String: JSON], _ epoch: Double) throws {
    let header = try reader.text("header")
    let expected = try self.expected(&reader)
    let challenges = parseChallenges(field: header)
    let actual = try (0..<challenges.count()).map { keys(of: try challenges.at(index: $0)) }
    try hold(.challenges, expected, actual.isEmpty ? .null : .array(actual))
  }

  private static func keys(of challenge: Challenge) -> JSON {
    let parameters = Dictionary(
      zip(challenge.parameterNames(), challenge.parameterValues().map(JSON.text)), uniquingKeysWith: { _, last in last }
    )
    var keys: [String: JSON] = ["scheme": .text(challenge.scheme()), "parameters": .object(parameters)]
    keys["token68"] = challenge.token68().map(JSON.text)
    return .object(keys)
  }

  private static func destination(_ reader: inout Reader, _ settings: [String: JSON], _ epoch: Double) throws {
    let url = try reader.text("url")
    let expected = try self.expected(&reader)
    let allows = (try? Connections.open(settings))?.allows(url: url) ?? false
    try hold(.exact, expected, .bool(allows))
  }

  private static func metadata(_ reader: inout Reader, _ settings: [String: JSON], _ epoch: Double) throws {
    let issuer = try reader.text("issuer")
    let answer = reader.has("answer") ? try Answer(reader.take("answer")) : nil
    let wantsAddresses = try reader.optionalFlag("addresses") ?? false
    let expected = try self.expected(&reader)
    if (answer == nil) != wantsAddresses { throw ScenarioError("one of the keys `answer` and `addresses` is wanted") }
    guard let answer else {
      let addresses = try orError { .array(try metadataAddresses(issuer: issuer).map(JSON.text)) }
      return try hold(.addresses, expected, addresses)
    }
    let actual = try orError {
      let settings = try readMetadata(issuer: issuer, status: answer.status, body: answer.body)
      return .object(["settings": try JSON(Data(settings.utf8))])
    }
    try hold(.metadata, expected, actual)
  }

  private static func orError(_ read: () throws -> JSON) throws -> JSON {
    do {
      return try read()
    } catch let error as AuthError {
      return .object(["error": ErrorKeys(error).keys])
    }
  }

  private static func answer(_ reader: inout Reader, _ settings: [String: JSON], _ epoch: Double) throws {
    let answer = try Answer(reader.take("answer"))
    let given = ["expect": try expected(&reader)]
    let steps = [
      try Step.checked(at: 0, nil, .acquire(name: nil), "answer", [:]),
      try Step.checked(at: 0, nil, .finish(.answer(answer), of: nil, name: nil), "answer", given),
    ]
    try play(steps, settings, epoch, hasStore: false)
  }

  private static func session(_ reader: inout Reader, _ settings: [String: JSON], _ epoch: Double) throws {
    let hasStore = try reader.optionalFlag("store") ?? false
    let given = try reader.array("steps")
    try reader.end()
    let steps = try given.enumerated().map { try Step.read($0, $1) }
    if !hasStore, let step = steps.first(where: \.action.needsStore) {
      throw ScenarioError("\(step.place): this needs the scenario's key `store`")
    }
    try play(steps, settings, epoch, hasStore: hasStore)
  }

  private static func play(
    _ steps: [Step], _ settings: [String: JSON], _ epoch: Double, hasStore: Bool
  ) throws {
    for step in steps {
      if case .changeSecret(let changes) = step.action { try Connections.check(changes) }
    }
    let start = min(steps.first?.at ?? 0, 0)
    for number in 0..<entropies {
      // Any bytes are as good as others, as long as they are not the same twice.
      let seed = Data(repeating: number &* 151 &+ 7, count: 16)
      let shared = Shared(settings, epoch: epoch, seed: seed, store: hasStore ? Store() : nil)
      var processes = try Processes(shared, start: start)
      for step in steps {
        do {
          try play(step, &processes)
        } catch let error as ScenarioError {
          throw ScenarioError("\(step.place): \(error) (entropy \(number))")
        }
      }
    }
  }

  private static func play(_ step: Step, _ processes: inout Processes) throws {
    let outcome = try processes.perform(step)
    let cameOut = [
      "expect": outcome, "events": processes.events(step.session), "wakeup": processes.wakeup(step.session),
    ]
    let differences = step.expected.flatMap { expected in
      expected.shape.differences(expected.value, cameOut[expected.key] ?? .null, expected.key)
    }
    if !differences.isEmpty { throw ScenarioError(differences.joined(separator: "; ")) }
  }

  private static func expected(_ reader: inout Reader) throws -> JSON {
    let expected = try reader.take("expect")
    try reader.end()
    return expected
  }

  private static func hold(_ shape: Shape, _ expected: JSON, _ actual: JSON) throws {
    try shape.check(expected, "expect")
    let differences = shape.differences(expected, actual, "expect")
    if !differences.isEmpty { throw ScenarioError(differences.joined(separator: "; ")) }
  }
}
