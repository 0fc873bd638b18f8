import Foundation

/// What a JSON text holds. Numbers are equal when their values are.
enum JSON: Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case array([JSON])
  case object([String: JSON])
}

extension JSON {
  /// Reads a JSON text (RFC 8259).
  init(_ text: Data) throws {
    if text.starts(with: [0xef, 0xbb, 0xbf]) { throw ScenarioError("it begins with a byte order mark") }
    if String(data: text, encoding: .utf8) == nil { throw ScenarioError("it is not UTF-8") }
    do {
      self = try JSONDecoder().decode(JSON.self, from: text)
    } catch DecodingError.dataCorrupted(let context) {
      throw ScenarioError((context.underlyingError as NSError?)?.debugDescription ?? context.debugDescription)
    } catch {
      throw ScenarioError("\(error)")
    }
  }

  /// The value as one line of JSON.
  var written: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = try? encoder.encode(self)
    return data.map { String(decoding: $0, as: UTF8.self) } ?? "\(self)"
  }

  var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  var string: String? {
    if case .text(let value) = self { value } else { nil }
  }

  var array: [JSON]? {
    if case .array(let value) = self { value } else { nil }
  }

  var object: [String: JSON]? {
    if case .object(let value) = self { value } else { nil }
  }

  /// An array of texts.
  var strings: [String]? {
    guard let array else { return nil }
    let strings = array.compactMap(\.string)
    return strings.count == array.count ? strings : nil
  }

  var isNull: Bool {
    if case .null = self { true } else { false }
  }

  /// Null for nothing.
  init(_ text: String?) {
    self = text.map(JSON.text) ?? .null
  }
}

extension JSON: Equatable {
  static func == (one: JSON, other: JSON) -> Bool {
    switch (one, other) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.integer(let one), .integer(let other)): one == other
    case (.text(let one), .text(let other)): one == other
    case (.array(let one), .array(let other)): one == other
    case (.object(let one), .object(let other)): one == other
    default: one.double.map { $0 == other.double } ?? false
    }
  }
}

extension JSON: Codable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSON].self) {
      self = .array(value)
    } else if let value = try? container.decode([String: JSON].self) {
      self = .object(value)
    } else {
      self = .number(try container.decode(Double.self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}
