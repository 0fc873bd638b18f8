import Foundation
import Testing

@testable import Cxauth

@Suite("The store of the documentation, with a file in place of the keychain", .timeLimit(.minutes(2)))
struct RecipeTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("cxauth-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private var content: URL { folder.appendingPathComponent("tokens") }
  private var lock: URL { folder.appendingPathComponent("tokens.lock") }

  private func store(holding: @escaping @Sendable () -> @Sendable () -> Void = { {} }) -> GroupStore {
    let (content, folder) = (content, folder)
    let place = GroupStore.Place(
      read: { FileManager.default.fileExists(atPath: content.path) ? try Data(contentsOf: content) : nil },
      write: { try $0.write(to: content, options: .atomic) },
      putAside: {
        let aside = folder.appendingPathComponent("damaged-\(UUID().uuidString)")
        try FileManager.default.moveItem(at: content, to: aside)
      })
    return GroupStore(lockFile: lock, place: place, holding: holding)
  }

  private func client(_ world: World, patience: Duration = .seconds(20)) throws -> CxClient {
    try world.client("generic/password") { _, options in
      options.store = store()
      options.lockPatience = patience
    }
  }

  private func clean() {
    try? FileManager.default.removeItem(at: folder)
  }

  @Test func whatIsTestedHereIsWhatTheDocumentationShows() throws {
    defer { clean() }
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let source = try String(contentsOf: tests.appendingPathComponent("Support/GroupStore.swift"), encoding: .utf8)
    let page = tests.appendingPathComponent("../../../../docs/swift.md").standardizedFileURL
    let isShown = try String(contentsOf: page, encoding: .utf8).contains("```swift recipe\n\(source)```\n")
    #expect(isShown, "docs/swift.md shows another store")
  }

  @Test func anAppAndItsExtensionShareOneToken() async throws {
    defer { clean() }
    let world = try await World()
    let (app, other) = (try client(world), try client(world))
    for round in 1...3 {
      async let one = app.token().value.reveal()
      async let two = other.token().value.reveal()
      let tokens = try await [one, two]
      #expect(tokens[0] == tokens[1])
      await app.settle()
      await other.settle()
      #expect(try await world.counters().token_requests == round)
      try await world.pass(7200)
    }
    #expect(try await world.counters().reuse_detections == 0)
    try await world.expectNoViolations()
  }

  @Test func anotherProcessHasTheLock() async throws {
    defer { clean() }
    let world = try await World()
    let holder = Process()
    let (input, output) = (Pipe(), Pipe())
    holder.executableURL = URL(fileURLWithPath: "/usr/bin/perl")
    // 2 is LOCK_EX.
    holder.arguments = ["-e", "open(F, '>>', $ARGV[0]); flock(F, 2); $| = 1; print \"held\\n\"; <STDIN>", lock.path]
    (holder.standardInput, holder.standardOutput) = (input, output)
    try holder.run()
    let said = try await blocking { output.fileHandleForReading.availableData }
    #expect(said == Data("held\n".utf8))
    let cx = try client(world, patience: .milliseconds(50))
    let error = try await failure { try await cx.token() }
    #expect(error.code == .storeUnavailable)
    #expect(try await world.counters().token_requests == 0)
    try input.fileHandleForWriting.close()
    try await blocking { holder.waitUntilExit() }
    try await world.pass(2)
    #expect(try await cx.token().generation == 1, "a lock ends with its holder")
  }

  @Test func withinTheProcessOneHoldsItAtATime() async throws {
    defer { clean() }
    let awake = Protected(0)
    let holding: @Sendable () -> @Sendable () -> Void = {
      awake.withLock { $0 += 1 }
      return { awake.withLock { $0 -= 1 } }
    }
    let (one, other) = (store(holding: holding), store(holding: holding))
    #expect(try await one.lock(within: .zero))
    #expect(try await !one.lock(within: .zero))
    #expect(try await !other.lock(within: .zero))
    #expect(awake.withLock { $0 } == 1)
    await one.unlock()
    #expect(awake.withLock { $0 } == 0)
    #expect(try await other.lock(within: .zero))
    await other.unlock()
  }

  @Test(arguments: ["", "1", "no number\n{}", "1\n{"])
  func whatIsDamagedIsPutAside(text: String) async throws {
    defer { clean() }
    let world = try await World()
    try Data(text.utf8).write(to: content)
    let cx = try client(world)
    let error = try await failure { try await cx.token() }
    #expect(error.code == .storeUnavailable)
    let aside = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("damaged-") }
    let kept = try aside.map { try Data(contentsOf: folder.appendingPathComponent($0)) }
    #expect(kept == [Data(text.utf8)])
    try await world.pass(2)
    #expect(try await cx.token().generation == 1)
  }

  @Test func anOlderSetReplacesNoLaterOne() async throws {
    defer { clean() }
    let kept = store()
    #expect(try await kept.load() == nil)
    try await kept.save("two", generation: 2)
    try await kept.save("two again", generation: 2)
    await #expect(throws: GroupStore.Failed.self) { try await kept.save("one", generation: 1) }
    #expect(try await kept.load()?.reveal() == "two again")
  }
}
