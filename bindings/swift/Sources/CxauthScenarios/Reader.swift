/// What is wrong with a scenario itself, or what differed when it ran.
struct ScenarioError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }

  /// Runs, and says where when it fails.
  static func at<Result>(_ place: String, _ run: () throws -> Result) throws -> Result {
    do {
      return try run()
    } catch let error as ScenarioError {
      throw ScenarioError("\(place): \(error)")
    }
  }
}

/// Takes the keys out of an object; those that nobody took are unknown.
struct Reader {
  private var rest: [String: JSON]

  init(_ value: JSON, _ what: String) throws {
    guard let object = value.object else {
      throw ScenarioError("\(what): an object is wanted, \(value.written) stands there")
    }
    rest = object
  }

  /// Nothing else may stand there.
  func end() throws {
    if let key = rest.keys.min() { throw ScenarioError("unknown key `\(key)`") }
  }

  func has(_ key: String) -> Bool {
    rest[key] != nil
  }

  /// The value of a key that must be there.
  mutating func take(_ key: String) throws -> JSON {
    guard let value = rest.removeValue(forKey: key) else { throw ScenarioError("the key `\(key)` is missing") }
    return value
  }

  /// The value of a key that may be absent; null is as good as absent.
  mutating func takeOptional(_ key: String) -> JSON? {
    rest.removeValue(forKey: key).flatMap { $0.isNull ? nil : $0 }
  }

  mutating func text(_ key: String) throws -> String {
    try Self.of(key, try take(key), "a text", \.string)
  }

  mutating func optionalText(_ key: String) throws -> String? {
    try takeOptional(key).map { try Self.of(key, $0, "a text", \.string) }
  }

  mutating func array(_ key: String, or standard: [JSON]? = nil) throws -> [JSON] {
    if let standard, !has(key) { return standard }
    return try Self.of(key, try take(key), "an array", \.array)
  }

  mutating func object(_ key: String, or standard: [String: JSON]? = nil) throws -> [String: JSON] {
    if let standard, !has(key) { return standard }
    return try Self.of(key, try take(key), "an object", \.object)
  }

  mutating func number(_ key: String, or standard: Double? = nil) throws -> Double {
    if let standard, !has(key) { return standard }
    return try Self.of(key, try take(key), "a number", \.double)
  }

  /// A status (RFC 9110 §15).
  mutating func status(_ key: String) throws -> UInt32 {
    try Self.of(key, try take(key), "a status") { value in
      if case .integer(let status) = value, 0...0xffff ~= status { UInt32(status) } else { nil }
    }
  }

  /// One of a few names.
  mutating func choice<Choice>(_ key: String, _ choices: [String: Choice]) throws -> Choice {
    try Self.chosen(key, try text(key), choices)
  }

  /// Some of a few names, where the key is there.
  mutating func optionalChoices<Choice>(_ key: String, _ choices: [String: Choice]) throws -> [Choice]? {
    guard has(key) else { return nil }
    return try Self.of(key, try take(key), "an array of names", \.strings).map { try Self.chosen(key, $0, choices) }
  }

  /// True or false, where the key is there.
  mutating func optionalFlag(_ key: String) throws -> Bool? {
    guard has(key) else { return nil }
    return try Self.of(key, try take(key), "true or false", \.bool)
  }

  private static func chosen<Choice>(_ key: String, _ name: String, _ choices: [String: Choice]) throws -> Choice {
    guard let choice = choices[name] else {
      throw ScenarioError("`\(key)`: `\(name)` is none of \(choices.keys.sorted().joined(separator: ", "))")
    }
    return choice
  }

  static func of<Value>(_ key: String, _ value: JSON, _ wanted: String, _ read: (JSON) -> Value?) throws -> Value {
    guard let read = read(value) else {
      throw ScenarioError("`\(key)`: \(wanted) is wanted, \(value.written) stands there")
    }
    return read
  }
}
