import Foundation
import Testing

@testable import Cxauth

@Suite("Signing out, at the server too", .timeLimit(.minutes(2)))
struct SignOutTests {
  /// A client that holds an access token and a refresh token.
  private func signedIn(_ world: World) async throws -> CxClient {
    let endpoint = try world.url("generic", "/revoke")
    let cx = try world.client("generic/password") { connection, _ in connection.revocationEndpoint = endpoint }
    #expect(try await cx.token().generation == 1)
    return cx
  }

  /// The requests that ended tokens.
  private func revocations(_ world: World) async throws -> [Journal.Entry] {
    try await world.journal().log.filter { $0.path == "/revoke" && $0.method == "POST" }
  }

  @Test func theServerEndsBothTokensWhereTheConnectionSaysHow() async throws {
    let world = try await World()
    let cx = try await signedIn(world)
    try await cx.signOut()
    let seen = try await revocations(world)
    #expect(seen.map(\.status) == [200, 200])
    let fields: Set = ["token", "token_type_hint", "client_id", "client_secret"]
    #expect(seen.allSatisfy { Set($0.field_names) == fields })
    #expect(cx.currentToken == nil)
    #expect(cx.status.state == .denied, "the password was for one time")
    try await world.expectNoViolations()
  }

  @Test func aServerThatDoesNotEndThemIsAnErrorAndTheTokensAreForgottenAllTheSame() async throws {
    let world = try await World()
    let cx = try await signedIn(world)
    try await world.arm(["kind": "status", "status": 503, "headers": [], "body": ""], at: ["revocation"])
    let error = try await failure { try await cx.signOut() }
    #expect(error.code == .serverUnavailable)
    #expect(try await !revocations(world).isEmpty)
    #expect(cx.currentToken == nil)
    #expect(try await failure { try await cx.token() }.action == .signIn)
  }

  @Test func withoutSuchAnEndpointNothingIsSent() async throws {
    let world = try await World()
    let cx = try world.client("generic/password")
    _ = try await cx.token()
    let before = try await world.counters().requests
    try await cx.signOut()
    #expect(try await world.counters().requests == before)
    #expect(cx.currentToken == nil)
  }

  @Test func whoIsCancelledWhileTheServerIsAskedCancelsNothing() async throws {
    let world = try await World()
    let cx = try await signedIn(world)
    try await world.arm(["kind": "hold"], at: ["revocation"], times: 1)
    let before = try await world.counters().requests
    let leaving = Task { try await cx.signOut() }
    try await world.wait(for: "requests", before + 1)
    #expect(cx.currentToken == nil, "forgotten here before the server knows")
    leaving.cancel()
    await #expect(throws: CancellationError.self) { try await leaving.value }
    try await world.release()
    await cx.settle()
    let statuses = try await revocations(world).map(\.status)
    #expect(statuses == [200, 200])
  }
}
