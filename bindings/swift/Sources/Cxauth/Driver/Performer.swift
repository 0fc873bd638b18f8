import Foundation
internal import CxauthBridge

/// Performs the steps of a flight. It knows what a step does and not why.
struct Performer: Sendable {
  let transport: TokenTransport
  let secrets: SecretReader
  let provide: (@Sendable () async throws -> ProvidedToken)?
  let store: StoreSteps
  let signing: Signing

  func perform(_ step: Step, for purpose: Purpose, _ errand: Errand?) async -> Outcome {
    switch step.kind() {
    case .send:
      guard let request = try? step.request() else { return .done }
      return await transport.send(request)
    case .readSecret:
      return await secrets.read(step)
    case .provide:
      return await provided()
    case .lock:
      return await store.lock(for: purpose)
    case .load:
      return await store.load()
    case .save:
      return await store.save(step)
    case .unlock:
      return await store.unlock()
    case .sign:
      return await signing.sign(step)
    case .authorize:
      return errand?.authorize(step) ?? Self.misplaced
    case .prompt:
      return errand?.prompt(step) ?? Self.misplaced
    case .pause, .done:
      // The keeper has the clock, and sees the end.
      return .done
    }
  }

  /// Only a sign-in has such steps.
  private static let misplaced = Outcome.failed(.connect, "nobody is there who could sign in")

  private func provided() async -> Outcome {
    guard let provide else {
      return .failed(.connect, "the grant external takes a function: give one with `provide`")
    }
    do {
      return .answer(Answer(try await provide()))
    } catch {
      return .failed(.interrupted, reason(error))
    }
  }
}

/// How a step went.
enum Outcome: Sendable {
  case done
  case loaded(Secret?)
  case secret(Secret)
  case signature(Data)
  case answer(Answer)
  /// The reason holds no secret.
  case failed(FailureKind, String)

  func tell(_ session: Session, nowMs: Double, flight: UInt32) {
    switch self {
    case .done:
      session.done(nowMs: nowMs, flight: flight)
    case .loaded(let snapshot):
      do {
        try session.doneLoaded(nowMs: nowMs, flight: flight, snapshot: snapshot?.reveal())
      } catch {
        session.doneFailedBecause(nowMs: nowMs, flight: flight, failure: .connect, why: "it is no set of tokens")
      }
    case .secret(let secret):
      session.doneSecret(nowMs: nowMs, flight: flight, secret: secret.reveal())
    case .signature(let signature):
      session.doneSignature(nowMs: nowMs, flight: flight, signature: signature)
    case .answer(let answer):
      session.doneAnswer(
        nowMs: nowMs, flight: flight, status: answer.status, headerNames: answer.headers.map(\.name),
        headerValues: answer.headers.map(\.value), body: answer.body)
    case .failed(let kind, let why):
      session.doneFailedBecause(nowMs: nowMs, flight: flight, failure: kind, why: why)
    }
  }
}

/// An answer of a token endpoint.
struct Answer: Sendable {
  var status: UInt32
  var headers: [(name: String, value: String)]
  /// All secret.
  var body: Data
}

extension Answer {
  /// What a token endpoint would have said.
  init(_ provided: ProvidedToken) {
    var object: [String: Any] = ["access_token": provided.token.reveal()]
    object["expires_in"] = provided.expiresIn.map { Int64($0 / .seconds(1)) }
    object["scope"] = provided.scopes
    let body = try? JSONSerialization.data(withJSONObject: object)
    self.init(status: 200, headers: [("content-type", "application/json")], body: body ?? Data())
  }
}

/// An error of the user's own, in words that were meant to be read. Any other one by its type only: what it holds may be
/// secret.
func reason(_ error: any Error) -> String {
  if let error = error as? CxError { return error.explanation }
  if let error = error as? any LocalizedError, let text = error.errorDescription { return text }
  return "\(type(of: error))"
}
