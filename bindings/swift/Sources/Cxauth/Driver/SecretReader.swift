import Foundation
internal import CxauthBridge

/// Reads secrets from where the connection says that they are.
struct SecretReader: Sendable {
  /// A program that asks a person or a network has to be done by then.
  private static let timeLimit = Duration.seconds(20)
  /// More than any secret needs, in bytes.
  static let longest = 64 * 1024

  let functions: Protected<[String: SecretFunction]>

  /// The secret, or why there is none: the text names the place and never the value.
  func read(_ step: Step) async -> Outcome {
    let (kind, values) = (step.secretSourceKind(), step.secretSourceValues())
    let place = values.first ?? ""
    do {
      return .secret(
        try await withTimeLimit(Self.timeLimit) {
          let bytes = try await read(kind, place, values)
          return Secret(try Self.text(of: bytes))
        })
    } catch is TimeLimitExceeded {
      return failed(kind, place, "nothing came within 20 seconds")
    } catch let error as Unreadable {
      return failed(kind, place, error.why)
    } catch {
      return failed(kind, place, reason(error))
    }
  }

  private func failed(_ kind: SecretSourceKind, _ place: String, _ why: String) -> Outcome {
    let name =
      switch kind {
      case .environment: "environment variable"
      case .file: "file"
      case .command: "command"
      case .keychain: "keychain entry"
      case .function: "function"
      case .nothing: "value"
      }
    return .failed(.connect, "\(name) \(place): \(why)")
  }

  private func read(_ kind: SecretSourceKind, _ place: String, _ values: [String]) async throws -> Data {
    switch kind {
    case .environment:
      guard let value = ProcessInfo.processInfo.environment[place] else { throw Unreadable("it is not set") }
      return Data(value.utf8)
    case .file:
      return try await blocking { try Self.read(file: place) }
    case .command:
      return try await SecretCommand(values).output()
    case .function:
      guard let function = functions.withLock({ $0[place] }) else {
        throw Unreadable("there is no function of this name: give it in `secretFunctions`")
      }
      return Data(try await function.read().reveal().utf8)
    case .keychain:
      throw Unreadable("cxauth reads no keychain here: give a function that does")
    case .nothing:
      throw Unreadable("there is no place to read it from")
    }
  }

  private static func read(file path: String) throws -> Data {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw Unreadable(FileManager.default.fileExists(atPath: path) ? "it cannot be opened" : "it does not exist")
    }
    defer { try? handle.close() }
    do {
      return try handle.readStart(upTo: longest + 1)
    } catch {
      throw Unreadable("it cannot be read")
    }
  }

  /// One line break at the end is not part of a secret: editors and `echo` write it.
  private static func text(of bytes: Data) throws -> String {
    if bytes.count > longest { throw Unreadable("it is longer than 64 KiB") }
    guard let text = String(data: bytes, encoding: .utf8) else { throw Unreadable("it is not UTF-8") }
    // To Swift, CR LF is one character.
    let secret = text.last == "\n" || text.last == "\r\n" ? String(text.dropLast()) : text
    if secret.isEmpty { throw Unreadable("it is empty") }
    return secret
  }
}

/// Why a secret cannot be read.
struct Unreadable: Error {
  let why: String

  init(_ why: String) {
    self.why = why
  }
}

extension FileHandle {
  /// The start of what it holds: fewer bytes than these only when there are no more.
  func readStart(upTo most: Int) throws -> Data {
    var start = Data()
    while start.count < most, let more = try read(upToCount: most - start.count), !more.isEmpty {
      start.append(more)
    }
    return start
  }
}

/// Does what blocks on a thread of its own, away from those that all tasks share.
func blocking<Value: Sendable>(_ act: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread {
      continuation.resume(with: Result(catching: act))
    }
  }
}
