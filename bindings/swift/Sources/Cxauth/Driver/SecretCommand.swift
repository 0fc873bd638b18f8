import Foundation

/// A program whose standard output is a secret. There is no shell: what stands in the connection is the program and its
/// arguments, nothing is expanded. Its standard error is the user's; its standard input is empty.
struct SecretCommand: Sendable {
  private let words: [String]

  init(_ words: [String]) {
    self.words = words
  }

  #if os(macOS) || os(Linux) || os(Windows)
    func output() async throws -> Data {
      let running = Running()
      return try await withTaskCancellationHandler {
        try await blocking { try run(running) }
      } onCancel: {
        running.end()
      }
    }

    private func run(_ running: Running) throws -> Data {
      guard let name = words.first else { throw Unreadable("no program is named") }
      guard let program = Self.find(name) else { throw Unreadable("there is no such program") }
      let (process, output, ended) = (Process(), Pipe(), DispatchSemaphore(value: 0))
      process.executableURL = program
      process.arguments = Array(words.dropFirst())
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = output
      process.terminationHandler = { _ in ended.signal() }
      do {
        try running.start(process)
      } catch {
        throw Unreadable("it cannot be started")
      }
      defer { running.forget() }
      let bytes = try? output.fileHandleForReading.readStart(upTo: SecretReader.longest + 1)
      if bytes?.count ?? 0 > SecretReader.longest {
        running.end()
        throw Unreadable("it is longer than 64 KiB")
      }
      ended.wait()
      guard process.terminationReason == .exit else { throw Unreadable("it was ended by a signal") }
      guard process.terminationStatus == 0 else {
        throw Unreadable("it ended with status \(process.terminationStatus)")
      }
      guard let bytes else { throw Unreadable("its output cannot be read") }
      return bytes
    }

    private static func find(_ name: String) -> URL? {
      if name.contains("/") || name.contains("\\") { return URL(fileURLWithPath: name) }
      #if os(Windows)
        let (separator, endings): (Character, _) = (";", ["", ".exe"])
      #else
        let (separator, endings): (Character, _) = (":", [""])
      #endif
      let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
      let places = path.split(separator: separator).flatMap { folder in
        endings.map { URL(fileURLWithPath: String(folder)).appendingPathComponent(name + $0) }
      }
      return places.first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
  #else
    func output() async throws -> Data {
      throw Unreadable("programs cannot be run on this system: give a function")
    }
  #endif
}

#if os(macOS) || os(Linux) || os(Windows)
  /// A process that may have to be ended from elsewhere.
  private final class Running: Sendable {
    private let state = Protected(State())

    private struct State {
      var process: Process?
      var isOver = false
    }

    func start(_ process: Process) throws {
      try state.withLock { state in
        if state.isOver { throw CancellationError() }
        try process.run()
        state.process = process
      }
    }

    /// It has ended, or nobody waits for it any longer.
    func forget() {
      state.withLock { $0.process = nil }
    }

    func end() {
      state.withLock { state in
        state.isOver = true
        guard let process = state.process, process.isRunning else { return }
        #if os(Windows)
          process.terminate()
        #else
          kill(process.processIdentifier, SIGKILL)
        #endif
      }
    }
  }
#endif
