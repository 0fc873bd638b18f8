import Foundation

/// A secret, or where to read it whenever it is needed.
///
/// A source that is read anew lets a secret change while the program runs, and keeps it out of memory meanwhile. What is
/// read is UTF-8 of at most 64 KiB; one line break at its end is not part of the secret.
///
/// ```swift
/// let fromEnvironment = SecretSource.environment("CX_SECRET")
/// let fromVault = SecretSource.function { try await vault.secret(named: "cx") }
/// ```
public struct SecretSource: Sendable, ExpressibleByStringLiteral {
  let kind: Kind

  enum Kind: Sendable {
    case value(Secret)
    case environment(String)
    case file(String)
    case command([String])
    case keychain(String)
    case function(SecretFunction)
    case functionNamed(String)
  }

  /// The secret itself.
  public static func value(_ secret: Secret) -> Self { Self(kind: .value(secret)) }

  /// The secret itself, as text.
  public static func value(_ text: String) -> Self { Self(kind: .value(Secret(text))) }

  /// An environment variable.
  public static func environment(_ name: String) -> Self { Self(kind: .environment(name)) }

  /// A file, by its path.
  public static func file(_ path: String) -> Self { Self(kind: .file(path)) }

  /// A file.
  public static func file(_ url: URL) -> Self { Self(kind: .file(url.path)) }

  #if os(macOS) || os(Linux) || os(Windows)
    /// A program and its arguments, without a shell: its standard output is the secret. It has 20 seconds.
    public static func command(_ words: [String]) -> Self { Self(kind: .command(words)) }
  #endif

  /// A function of your own, called whenever the secret is needed: it asks the keychain or a vault. It has 20 seconds. If
  /// it fails, the text of a `LocalizedError` becomes part of the ``CxError`` and must hold no secret.
  public static func function(_ read: @escaping @Sendable () async throws -> Secret) -> Self {
    Self(kind: .function(SecretFunction(read)))
  }

  /// The secret itself, from a literal.
  public init(stringLiteral text: String) {
    self = .value(Secret(text))
  }

  init(kind: Kind) {
    self.kind = kind
  }
}

/// What reads a secret.
struct SecretFunction: Sendable {
  let read: @Sendable () async throws -> Secret

  init(_ read: @escaping @Sendable () async throws -> Secret) {
    self.read = read
  }
}

extension SecretSource: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Where the secret is read. Of a command only the program's name: its arguments may say more than a log should know.
  public var description: String {
    switch kind {
    case .value: "SecretSource(value, hidden)"
    case .environment(let name): "SecretSource(environment variable \(name))"
    case .file(let path): "SecretSource(file \(path))"
    case .command(let words): "SecretSource(command \(words.first ?? ""))"
    case .keychain(let entry): "SecretSource(keychain entry \(entry))"
    case .function: "SecretSource(function)"
    case .functionNamed(let name): "SecretSource(function \(name))"
    }
  }

  /// The same.
  public var debugDescription: String { description }

  /// A mirror that shows nothing.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
