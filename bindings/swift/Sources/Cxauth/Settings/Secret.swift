/// A secret or a token. Nothing prints it: not `description`, `debugDescription`, string interpolation, `dump`, a
/// mirror, or an encoder, because it is not `Encodable`.
///
/// ```swift
/// let secret = Secret("hunter2")
/// print(secret)            // Secret(hidden)
/// print(secret.reveal())   // hunter2
/// ```
///
/// A copy of the text stays in memory until Swift reuses it: Swift's strings cannot be wiped.
public struct Secret: Sendable, ExpressibleByStringLiteral {
  private let hidden: Hidden

  /// A secret of this text.
  public init(_ text: String) {
    hidden = Hidden(text)
  }

  /// A secret of this text. Handy in tests; a program's source is no place for a real one.
  public init(stringLiteral text: String) {
    self.init(text)
  }

  /// The text itself. Do not log what it returns.
  public func reveal() -> String {
    hidden.text
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Says that something is hidden, and nothing of what.
  public var description: String { "Secret(hidden)" }

  /// The same.
  public var debugDescription: String { description }

  /// A mirror that shows nothing.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A reference, so that whatever walks through memory layouts finds a pointer and not the text.
private final class Hidden: Sendable {
  let text: String

  init(_ text: String) {
    self.text = text
  }
}
