import Foundation
import Testing

@testable import Cxauth

@Suite("Tokens from a function of one's own", .timeLimit(.minutes(2)))
struct ExternalGrantTests {
  private struct Asleep: LocalizedError {
    var errorDescription: String? { "the backend is asleep" }
  }

  private struct Talkative: Error {
    let secret = "cxauth-canary-in-an-error"
  }

  private func external() -> Connection {
    var connection = Connection()
    connection.grant = .external
    connection.apiBase = URL(string: "https://api.example/")
    return connection
  }

  @Test func aFunctionBringsTheToken() async throws {
    let clock = ManualClock(Date(timeIntervalSince1970: 1_700_000_000))
    let calls = Protected(0)
    var options = CxClient.Options()
    options.clock = clock
    options.provide = {
      switch calls.withLock({ count in
        defer { count += 1 }
        return count
      }) {
      case 0: return ProvidedToken("cxauth-canary-token", expiresIn: .seconds(60), scopes: ["a", "b"])
      case 1: throw Asleep()
      default: throw Talkative()
      }
    }
    let cx = try CxClient(external(), options: options)
    let callers = (0..<100).map { _ in Task { try await cx.token() } }
    for caller in callers {
      let token = try await caller.value
      #expect(token.value.reveal() == "cxauth-canary-token")
      #expect(token.scopes == ["a", "b"])
      #expect(token.expiresAt == clock.now.addingTimeInterval(60))
    }
    #expect(calls.withLock { $0 } == 1)

    clock.advance(by: .seconds(60))
    var error = try await failure { try await cx.token() }
    #expect(error.explanation.contains("the backend is asleep"), "\(error)")
    #expect(error.action == .retry)

    clock.advance(by: .seconds(2))
    error = try await failure { try await cx.token() }
    #expect(error.explanation.contains("Talkative"), "\(error)")
    #expect(!"\(error) \(String(reflecting: error))".contains("canary"))
  }

  @Test func withoutAFunctionTheErrorSaysWhatIsMissing() async throws {
    let error = try await failure { try await CxClient(external()).token() }
    #expect(error.explanation.contains("provide"), "\(error)")
  }
}
