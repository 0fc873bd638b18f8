/// What a value may look like, and how it is compared.
indirect enum Shape: Sendable {
  /// Equal as it stands.
  case exact
  /// A number, or a range `[low, high]`.
  case number
  /// An object with these keys.
  case keys([String: Shape])
  /// An object with any keys: those named are equal.
  case named
  /// An array of names that must be among those that came out.
  case among
  /// An array of names that must not be among the `headers` beside it.
  case absent
  /// An array of challenges, complete.
  case challenges
  /// An array of addresses, complete, or an error.
  case addresses
}

extension Shape {
  private static let token = Shape.keys(["headers": .named, "expires_at": .number, "scopes": .exact])
  private static let request = Shape.keys([
    "method": .exact, "url": .exact, "headers": .named, "absent_headers": .absent, "form": .exact, "json": .exact,
    "body": .exact,
  ])
  private static let error = Shape.keys(["action": .exact, "code": .exact, "server_error": .exact])
  private static let challenge = Shape.keys(["scheme": .exact, "token68": .exact, "parameters": .exact])

  /// What a step of a session comes out as.
  static let outcome = Shape.keys([
    "token": token, "lead": .keys(["token": token, "request": request]), "follow": .keys(["token": token]),
    "locked": .keys(["token": token]),
    "wait": .keys(["until": .number, "error": error]), "error": error,
    "no_token": .keys(["server_error": .exact]),
    "authorize": .keys(["url": .exact, "parameters": .exact]),
    "prompt": .keys([
      "user_code": .exact, "verification_uri": .exact, "verification_uri_complete": .exact, "expires_at": .number,
      "ask_at": .number,
    ]),
    "pause": .keys(["until": .number]),
  ])

  /// What is wrong with an issuer's address or its metadata.
  private static let failure = Shape.keys(["error": error])

  /// What a server's metadata comes out as.
  static let metadata = Shape.keys(["settings": .exact, "error": error])

  /// What an outage comes out as.
  static let outage = Shape.keys(["requests": .number])
}

// MARK: - Reading

extension Shape {
  /// Throws unless the expectation can be one of this shape: every key is known.
  func check(_ expected: JSON, _ path: String) throws {
    if let options = expected.anyOf {
      for option in options { try check(option, path) }
    } else if let excluded = expected.excluded {
      try check(excluded, path)
    } else if case .keys(let keys) = self, let object = expected.object {
      for (key, value) in object.sorted(by: { $0.key < $1.key }) {
        guard let inner = keys[key] else { throw ScenarioError("unknown key `\(key)` in \(path)") }
        try inner.check(value, "\(path).\(key)")
      }
    } else if case .challenges = self, let array = expected.array {
      for challenge in array { try Self.challenge.check(challenge, path) }
    } else if case .addresses = self, expected.object != nil {
      try Self.failure.check(expected, path)
    } else if !fits(expected) {
      throw ScenarioError("\(path): \(wanted) is wanted, \(expected.written) stands there")
    }
  }

  /// What may stand there where no key tells.
  private func fits(_ expected: JSON) -> Bool {
    switch self {
    case .exact: true
    case .number: expected.isNull || expected.range != nil
    case .keys, .challenges: expected.isNull
    case .named: expected.object != nil
    case .among, .absent, .addresses: expected.strings != nil
    }
  }

  private var wanted: String {
    switch self {
    case .exact: "a value"
    case .number: "a number or a range [low, high]"
    case .keys, .named: "an object"
    case .among, .absent: "an array of names"
    case .challenges: "an array of challenges"
    case .addresses: "an array of addresses or an error"
    }
  }
}

// MARK: - Comparing

extension Shape {
  /// Two times closer than this are equal: seconds. The rest is room for the rounding of floats.
  private static let tolerance = 0.001 + 1e-6

  /// What differs, each with its place; empty when the expectation holds.
  func differences(_ expected: JSON, _ actual: JSON, _ path: String) -> [String] {
    if let options = expected.anyOf {
      let tried = options.map { differences($0, actual, path) }
      if tried.contains(where: \.isEmpty) { return [] }
      let all = tried.map { $0.joined(separator: "; ") }.joined(separator: " | ")
      return ["\(path): none of any_of holds (\(all))"]
    }
    if let excluded = expected.excluded {
      if !differences(excluded, actual, path).isEmpty { return [] }
      return ["\(path): not \(excluded.written) was expected, \(actual.written) came out"]
    }
    switch (self, expected, actual) {
    case (.keys(let keys), .object(let expected), .object(let actual)):
      return expected.sorted { $0.key < $1.key }.flatMap { key, value in
        differences(of: key, keys[key] ?? .exact, value, actual, path)
      }
    case (.addresses, .object, .object): return Shape.failure.differences(expected, actual, path)
    case (.named, .object(let expected), .object(let actual)):
      return expected.sorted { $0.key < $1.key }.flatMap { name, value in
        Shape.exact.differences(value, actual[name] ?? .null, "\(path).\(name)")
      }
    case (.absent, _, .object(let actual)):
      return (expected.strings ?? []).filter { actual[$0] != nil }.map { "\(path): \($0) is there" }
    case (.challenges, .array(let expected), .array(let actual)) where expected.count == actual.count:
      return zip(expected, actual).enumerated().flatMap { index, pair in
        challengeDifferences(pair.0, pair.1, "\(path)[\(index)]")
      }
    default:
      return holds(expected, actual) ? [] : ["\(path): \(expected.written) was expected, \(actual.written) came out"]
    }
  }

  private func differences(
    of key: String, _ inner: Shape, _ expected: JSON, _ actual: [String: JSON], _ path: String
  ) -> [String] {
    var source = key
    if case .absent = inner { source = "headers" }
    guard let value = actual[source] else {
      // `no_token` is another name for the wait or the error that stands beside it.
      let names = actual.filter { $0.key != "no_token" }.sorted { $0.key < $1.key }
      let came = names.map { "\($0.key) \($0.value.written)" }.joined(separator: ", ")
      return ["\(path).\(key) was expected, \(came) came out"]
    }
    return inner.differences(expected, value, "\(path).\(key)")
  }

  /// No `token68` in the expectation means that there is none.
  private func challengeDifferences(_ expected: JSON, _ actual: JSON, _ path: String) -> [String] {
    var differences = Self.challenge.differences(expected, actual, path)
    let saysAll = expected.anyOf == nil && expected.excluded == nil
    if saysAll, let object = expected.object, object["token68"] == nil, let token = actual.object?["token68"] {
      differences.append("\(path).token68: none was expected, \(token.written) came out")
    }
    return differences
  }

  private func holds(_ expected: JSON, _ actual: JSON) -> Bool {
    switch self {
    case .number where !expected.isNull:
      guard let range = expected.range, let actual = actual.double else { return false }
      return range.low - Self.tolerance <= actual && actual <= range.high + Self.tolerance
    case .among:
      guard let expected = expected.array, let actual = actual.array else { return expected == actual }
      return expected.allSatisfy(actual.contains)
    default:
      return expected == actual
    }
  }
}

extension JSON {
  /// The options of `{"any_of": [...]}`.
  fileprivate var anyOf: [JSON]? {
    guard let object, object.count == 1 else { return nil }
    return object["any_of"]?.array
  }

  /// What `{"not": ...}` excludes.
  fileprivate var excluded: JSON? {
    guard let object, object.count == 1 else { return nil }
    return object["not"]
  }

  fileprivate var range: (low: Double, high: Double)? {
    if let number = double { return (number, number) }
    guard let ends = array?.map(\.double), ends.count == 2, let low = ends[0], let high = ends[1] else { return nil }
    return (low, high)
  }
}
