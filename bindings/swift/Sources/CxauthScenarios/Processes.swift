import Foundation

/// The processes of a scenario, by the names that its steps give them.
struct Processes {
  private let shared: Shared
  private var players: [String?: Player]

  /// Opens the process without a name at `start`, in seconds from the scenario's start.
  init(_ shared: Shared, start: Double) throws {
    self.shared = shared
    players = [nil: try Player(shared, start: start)]
  }

  /// Performs one step and returns its outcome. It throws for a mistake in the scenario.
  mutating func perform(_ step: Step) throws -> JSON {
    switch step.action {
    case .changeStore(let change):
      try shared.store?.change(change)
      return .null
    case .end:
      guard let player = players.removeValue(forKey: step.session) else {
        throw ScenarioError("there is no such process")
      }
      shared.store?.release(player.process)
      return .null
    default:
      var player = try players.removeValue(forKey: step.session) ?? Player(shared, start: step.at)
      defer { players[step.session] = player }
      return try player.perform(step)
    }
  }

  /// The names of a process's events since this was last called.
  func events(_ session: String?) -> JSON {
    players[session]?.events() ?? .array([])
  }

  /// When a process's background work is next due.
  func wakeup(_ session: String?) -> JSON {
    players[session]?.wakeup() ?? .null
  }
}

/// What belongs to a scenario and not to one of its processes.
final class Shared {
  /// Of the connection, as each process begins with it.
  let settings: [String: JSON]
  /// The wall clock at 0, in Unix seconds.
  let epoch: Double
  /// None where each process is on its own.
  let store: Store?
  /// Those that were kept.
  var snapshots: [String: String] = [:]
  /// Those that came out as `authorize`.
  var signIns = SignIns()

  private let seed: Data
  private var processes = 0
  private var sessions: UInt8 = 0

  init(_ settings: [String: JSON], epoch: Double, seed: Data, store: Store?) {
    (self.settings, self.epoch, self.seed, self.store) = (settings, epoch, seed, store)
  }

  /// The number of one process more.
  func number() -> Int {
    processes += 1
    return processes
  }

  /// For one session more: no two have the same.
  func entropy() -> Data {
    sessions &+= 1
    return seed + [sessions]
  }

  /// For one sign-in: as many bytes as it takes.
  func entropyOfSignIn() -> Data {
    let drawn = Array(entropy())
    return Data((0..<64).map { drawn[$0 % drawn.count] &+ UInt8(truncatingIfNeeded: $0 &* 29) })
  }
}
