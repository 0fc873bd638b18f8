import Cxauth
import Foundation

/// The tokens of one connection, shared by an app and its extensions: a file's lock, and a place for what is kept.
actor GroupStore: Store {
  /// Where the set is kept.
  struct Place: Sendable {
    /// Reads what is kept; `nil` when nothing is.
    let read: @Sendable () throws -> Data?
    /// Replaces it, wholly or not at all.
    let write: @Sendable (Data) throws -> Void
    /// Moves it to where `read` does not find it.
    let putAside: @Sendable () throws -> Void
  }

  private let lockFile: URL
  private let place: Place
  /// Called when the lock was taken; what it returns is called when it was given back.
  private let holding: @Sendable () -> @Sendable () -> Void
  private var held: (file: Int32, release: @Sendable () -> Void)?

  init(
    lockFile: URL, place: Place,
    holding: @escaping @Sendable () -> @Sendable () -> Void = { {} }
  ) {
    self.lockFile = lockFile
    self.place = place
    self.holding = holding
  }

  func lock(within timeout: Duration) async throws -> Bool {
    let end = ContinuousClock.now + timeout
    // A lock of its own for each opening: it excludes other processes, and others in this one.
    let file = open(lockFile.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if file < 0 { throw Failed(what: "open the lock", code: errno) }
    while flock(file, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      let isHeld = code == EWOULDBLOCK || code == EINTR
      if !isHeld || Task.isCancelled || ContinuousClock.now >= end {
        close(file)
        if isHeld { return false }
        throw Failed(what: "lock", code: code)
      }
      try? await Task.sleep(for: .milliseconds(20))
    }
    held = (file, holding())
    return true
  }

  func load() throws -> Secret? {
    guard let data = try place.read() else { return nil }
    guard let (_, text) = Self.parts(of: data) else { throw DamagedStore("what is kept is no set of tokens") }
    return Secret(text)
  }

  func save(_ snapshot: Secret, generation: Int) throws {
    if let kept = try place.read().flatMap(Self.parts), kept.generation > generation {
      throw Failed(what: "save: a later set is kept", code: 0)
    }
    try place.write(Data("\(generation)\n\(snapshot.reveal())".utf8))
  }

  func unlock() {
    guard let (file, release) = held else { return }
    held = nil
    // The kernel gives the lock back with the file, also when this process is killed.
    close(file)
    release()
  }

  func putAside() throws {
    try place.putAside()
  }

  private static func parts(of data: Data) -> (generation: Int, text: String)? {
    guard let whole = String(data: data, encoding: .utf8), let end = whole.firstIndex(of: "\n") else { return nil }
    return Int(whole[..<end]).map { ($0, String(whole[whole.index(after: end)...])) }
  }

  struct Failed: LocalizedError {
    let what: String
    let code: Int32

    var errorDescription: String? { "cannot \(what) (\(code))" }
  }
}
