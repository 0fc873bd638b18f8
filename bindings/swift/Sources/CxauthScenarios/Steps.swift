import CxauthBridge
import Foundation

/// What a session is given next, and what must come out.
struct Step {
  let at: Double
  /// Whose it is: the name of a process; none for the one without a name.
  let session: String?
  let action: Action
  /// Where it stands, for the reader of a difference.
  let place: String
  let expected: [Expected]
  /// Whether the client's key can sign.
  var signs = true
}

/// One thing that must come out: `expect`, `wakeup` or `events`.
struct Expected {
  let key: String
  let shape: Shape
  let value: JSON
}

/// The steps of a session, as a scenario writes them.
enum Action {
  /// A caller wants a token; it names the flight or the token.
  case acquire(name: String?)
  /// The hot path.
  case peek
  /// A flight's answer came, or it failed: `answer` and `fail`.
  case finish(Result, of: String?, name: String?)
  /// The leader is gone.
  case abandon(of: String?)
  /// An API refused the token.
  case refuse(status: UInt32, wwwAuthenticate: [String], body: Data, of: String?)
  /// The background's turn.
  case wake(name: String?)
  /// Somebody acquires every so many seconds, and each flight ends the same way.
  case outage(until: Double, every: Double, Result)
  /// Settings have new values.
  case changeSecret([String: JSON])
  /// Keep a snapshot.
  case save(name: String)
  /// A new session from a snapshot that was kept, or from a text.
  case restart(of: String?, snapshot: String?)
  /// Another process renewed.
  case adopt(of: String)
  /// Forget the tokens and every flight. Only with a store it has a name.
  case signOut(name: String?)
  /// Somebody signs in: in a browser, or on another device.
  case signIn(redirectURI: String?, isOnDevice: Bool, name: String?)
  /// The browser came back.
  case redirect(url: String, of: String?, name: String?)
  /// A flight tries again to get the lock, or looks whether its pause is over.
  case goOn(of: String?, name: String?)
  /// A flight has waited long enough for the lock.
  case giveUp(of: String?, name: String?)
  /// Something happens to the store.
  case changeStore(Store.Change)
  /// The process is gone.
  case end

  /// How a flight's request ended.
  enum Result {
    case answer(Answer)
    case failure(FailureKind)
  }
}

/// An answer of a token endpoint.
struct Answer {
  let status: UInt32
  let headerNames: [String]
  let headerValues: [String]
  let body: Data

  /// Reads it from the key `answer`.
  init(_ value: JSON) throws {
    var reader = try Reader(value, "`answer`")
    status = try reader.status("status")
    let headers = try reader.array("headers", or: []).map(\.strings)
    let text = try reader.optionalText("body")
    let encoded = try reader.optionalText("body_base64")
    try reader.end()
    guard headers.allSatisfy({ $0?.count == 2 }) else {
      throw ScenarioError("`headers`: an array of names and values is wanted")
    }
    headerNames = headers.compactMap { $0?.first }
    headerValues = headers.compactMap { $0?.last }
    if let encoded {
      guard let bytes = Data(base64Encoded: encoded) else { throw ScenarioError("`body_base64`: it is no base64") }
      body = bytes
    } else {
      body = Data((text ?? "").utf8)
    }
  }
}

// MARK: - Reading

extension Step {
  /// Reads one of the array `steps`.
  static func read(_ index: Int, _ value: JSON) throws -> Step {
    var reader = try Reader(value, "step \(index)")
    let at = try ScenarioError.at("step \(index)") { try reader.number("at") }
    let name = value.object?["do"]?.string ?? "?"
    let place = "step \(index) (\(name) at \(shown(at)))"
    return try ScenarioError.at(place) {
      let action = try reader.choice("do", Action.readers)(&reader)
      var given: [String: JSON] = [:]
      var session: String?
      var signs: Bool?
      // What happens to the store is nobody's step, and these keys are unknown there.
      if !action.isNobodys {
        for key in ["expect", "wakeup", "events"] where reader.has(key) {
          given[key] = try reader.take(key)
        }
        session = reader.has("session") ? try reader.text("session") : nil
        signs = try reader.optionalFlag("signs")
      }
      try reader.end()
      var step = try checked(at: at, session, action, place, given)
      step.signs = signs ?? true
      return step
    }
  }

  /// Looks for unknown keys in what is expected.
  static func checked(
    at: Double, _ session: String?, _ action: Action, _ place: String, _ given: [String: JSON]
  ) throws -> Step {
    let shapes: [(String, Shape)] = [("expect", action.shape), ("wakeup", .number), ("events", .among)]
    let expected = try shapes.compactMap { key, shape in
      try given[key].map { value in
        try shape.check(value, key)
        return Expected(key: key, shape: shape, value: value)
      }
    }
    return Step(at: at, session: session, action: action, place: place, expected: expected)
  }

  private static func shown(_ seconds: Double) -> String {
    Int64(exactly: seconds).map(String.init) ?? "\(seconds)"
  }
}

extension Action {
  /// Whether it is a mistake where the sessions share no store.
  var needsStore: Bool {
    switch self {
    case .giveUp, .changeStore: true
    case .signOut(let name): name != nil
    default: false
    }
  }

  fileprivate var isNobodys: Bool {
    if case .changeStore = self { true } else { false }
  }

  fileprivate var shape: Shape {
    switch self {
    case .outage: .outage
    case .refuse: .exact
    default: .outcome
    }
  }

  fileprivate static var readers: [String: (inout Reader) throws -> Action] {
    [
      "acquire": { .acquire(name: try $0.optionalText("as")) },
      "peek": { _ in .peek },
      "answer": { try finish(.answer(Answer($0.take("answer"))), &$0) },
      "fail": { try finish(.failure($0.choice("failure", failures)), &$0) },
      "abandon": { .abandon(of: try $0.optionalText("of")) },
      "refuse": refuse,
      "wake": { .wake(name: try $0.optionalText("as")) },
      "outage": outage,
      "change_secret": { .changeSecret(try $0.object("connection")) },
      "save": { .save(name: try $0.text("as")) },
      "restart": restart,
      "adopt": { .adopt(of: try $0.text("of")) },
      "sign_out": { .signOut(name: try $0.optionalText("as")) },
      "sign_in": signIn,
      "redirect": {
        .redirect(url: try $0.text("url"), of: try $0.optionalText("of"), name: try $0.optionalText("as"))
      },
      "go_on": { .goOn(of: try $0.optionalText("of"), name: try $0.optionalText("as")) },
      "give_up": { .giveUp(of: try $0.optionalText("of"), name: try $0.optionalText("as")) },
      "store": { .changeStore(try changeStore(&$0)) },
      "end": { _ in .end },
    ]
  }

  private static let operations = Dictionary(uniqueKeysWithValues: Store.Operation.allCases.map { ($0.rawValue, $0) })

  private static let failures: [String: FailureKind] = [
    "connect": .connect, "timeout": .timeout, "interrupted": .interrupted,
  ]

  private static func finish(_ result: Result, _ reader: inout Reader) throws -> Action {
    .finish(result, of: try reader.optionalText("of"), name: try reader.optionalText("as"))
  }

  private static func refuse(_ reader: inout Reader) throws -> Action {
    let fields = try reader.takeOptional("www_authenticate").map { value in
      try Reader.of("www_authenticate", value, "a text or an array of texts") { $0.strings ?? $0.string.map { [$0] } }
    }
    return .refuse(
      status: try reader.status("status"), wwwAuthenticate: fields ?? [],
      body: Data((try reader.optionalText("body") ?? "").utf8), of: try reader.optionalText("of"))
  }

  private static func outage(_ reader: inout Reader) throws -> Action {
    guard reader.has("answer") != reader.has("failure") else {
      throw ScenarioError("one of the keys `answer` and `failure` is wanted")
    }
    let result: Result =
      reader.has("answer")
      ? .answer(try Answer(reader.take("answer"))) : .failure(try reader.choice("failure", failures))
    let (until, every) = (try reader.number("until"), try reader.number("every"))
    if every <= 0 { throw ScenarioError("`every` must be more than 0") }
    return .outage(until: until, every: every, result)
  }

  private static func signIn(_ reader: inout Reader) throws -> Action {
    let redirectURI = try reader.optionalText("redirect_uri")
    let isOnDevice = try reader.optionalFlag("device") ?? false
    if isOnDevice, redirectURI != nil {
      throw ScenarioError("no browser comes back from a `device`: `redirect_uri` is not wanted")
    }
    return .signIn(redirectURI: redirectURI, isOnDevice: isOnDevice, name: try reader.optionalText("as"))
  }

  private static func restart(_ reader: inout Reader) throws -> Action {
    let (of, snapshot) = (try reader.optionalText("of"), try reader.optionalText("snapshot"))
    guard (of == nil) != (snapshot == nil) else {
      throw ScenarioError("one of the keys `of` and `snapshot` is wanted")
    }
    return .restart(of: of, snapshot: snapshot)
  }

  private static func changeStore(_ reader: inout Reader) throws -> Store.Change {
    let fails = try reader.optionalChoices("fails", operations)
    let losesLock = try reader.optionalFlag("loses_lock") ?? false
    let isHeld = try reader.optionalFlag("held")
    let snapshot = reader.has("snapshot") ? try reader.take("snapshot") : nil
    if let snapshot, !snapshot.isNull {
      _ = try Reader.of("snapshot", snapshot, "a text or null", \.string)
    }
    return Store.Change(fails: fails.map { Set($0) }, losesLock: losesLock, isHeld: isHeld, snapshot: snapshot)
  }
}
