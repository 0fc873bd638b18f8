import Foundation

/// A place where the tokens of one connection outlive the process, and where everybody who shares it agrees on who renews:
/// an app and its extensions, processes, clients that were made apart. A renewal locks the store, reads it, asks the server
/// only when that is still needed, saves the new set, and unlocks; so one token request serves all.
///
/// Each call but ``lock(within:)`` has 10 seconds. What the functions throw becomes part of the ``CxError``: the text of a
/// `LocalizedError`, of any other error its type. It must hold no secret.
///
/// ```swift
/// var options = CxClient.Options()
/// options.store = myStore
/// let cx = try CxClient(connection, options: options)
/// ```
public protocol Store: Sendable {
  /// Takes the lock, or waits for it as long as `timeout` at most. `true`: it is held until ``unlock()``. `false`: somebody
  /// else held it all the while.
  ///
  /// The lock belongs to no thread and no task, and is not given twice, also not to one process. It must end with a process
  /// that dies: one that outlives its holder stops everybody else.
  func lock(within timeout: Duration) async throws -> Bool

  /// What was saved last, `nil` when nothing was. Without the lock it is called too, for a look by a client that has no
  /// token: then it waits for nobody, and returns the set before a save that is under way or the one after it.
  ///
  /// - Throws: ``DamagedStore`` when what is there cannot be understood; never `nil` then, which would forget it.
  func load() async throws -> Secret?

  /// Makes the set durable: after a crash at any moment the store holds the old set or the new one. All of `snapshot` is
  /// secret.
  ///
  /// A store whose lock may end while its holder lives on (a lease) compares `generation` with that of what it holds, and
  /// throws when that is later. An equal one is written too: it says what a renewal that failed has learnt.
  func save(_ snapshot: Secret, generation: Int) async throws

  /// Gives the lock back.
  func unlock() async throws

  /// Puts what the store holds where it is no longer found and not lost, by another name for instance: it is damaged. It is
  /// called under the lock. The renewal fails then, with an error that says so, and the next one starts without it.
  func putAside() async throws
}

/// A ``Store`` holds something that cannot be understood, because a bit of it was turned for instance. The client has it put
/// aside (``Store/putAside()``).
///
/// ```swift
/// throw DamagedStore("the keychain item is cut off")
/// ```
public struct DamagedStore: Error, LocalizedError, Sendable {
  /// What is wrong, in words for people, without a secret.
  public let explanation: String

  /// With what is wrong, in words for people; there must be no secret in them.
  public init(_ explanation: String) {
    self.explanation = explanation
  }

  /// The explanation.
  public var errorDescription: String? { explanation }
}
