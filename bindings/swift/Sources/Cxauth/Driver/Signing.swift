import Foundation
internal import CxauthBridge

#if canImport(CryptoKit)
  import CryptoKit
#endif

/// Signs with the connection's keys. What it says of failures names nothing of a key.
struct Signing: Sendable {
  private static let timeLimit = Duration.seconds(20)

  let signers: Protected<[String: ClientKey.Signer]>
  let secrets: SecretReader

  func sign(_ step: Step) async -> Outcome {
    guard let bytes = try? step.signingInput(), let name = step.algorithm(),
      let algorithm = ClientKey.Algorithm(rawValue: name)
    else { return .failed(.connect, "this version of the package does not sign by \(step.algorithm() ?? "nothing")") }
    if step.secretSourceKind() == .function, let place = step.secretSourceValues().first,
      let signer = signers.withLock({ $0[place] })
    {
      return await sign(bytes, algorithm, signer)
    }
    let read = await secrets.read(step)
    if case .secret(let pem) = read { return sign(bytes, algorithm, pem: pem) }
    return read
  }

  private func sign(_ bytes: Data, _ algorithm: ClientKey.Algorithm, _ signer: @escaping ClientKey.Signer) async
    -> Outcome
  {
    do {
      return .signature(try await withTimeLimit(Self.timeLimit) { try await signer(bytes, algorithm) })
    } catch is TimeLimitExceeded {
      return .failed(.connect, "signer: nothing came within 20 seconds")
    } catch {
      return .failed(.connect, "signer: \(reason(error))")
    }
  }

  private func sign(_ bytes: Data, _ algorithm: ClientKey.Algorithm, pem: Secret) -> Outcome {
    #if canImport(CryptoKit)
      guard algorithm == .es256 else {
        return .failed(.connect, "CryptoKit signs with no key in PEM by \(algorithm.rawValue): give a signer")
      }
      guard let key = try? P256.Signing.PrivateKey(pemRepresentation: pem.reveal()),
        let signature = try? key.signature(for: bytes)
      else { return .failed(.connect, "it is no key of P-256 in PEM: PKCS #8 is wanted, BEGIN PRIVATE KEY") }
      return .signature(signature.rawRepresentation)
    #else
      return .failed(.connect, "a key in PEM needs CryptoKit, which is not here: give a signer")
    #endif
  }
}
