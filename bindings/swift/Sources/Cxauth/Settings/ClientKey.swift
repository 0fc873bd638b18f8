import Foundation

/// The key by which a client proves who it is (``Connection/ClientAuthentication/privateKeyJWT``, RFC 7523 §2.2).
///
/// ```swift
/// connection.clientKey = .pem(.file("/run/secrets/client.pem"), algorithm: .es256, keyID: "2026")
/// ```
public struct ClientKey: Sendable {
  let place: Place
  let algorithm: Algorithm
  let keyID: String?

  enum Place: Sendable {
    case pem(SecretSource)
    case signer(Signer)
  }

  /// How a key signs (RFC 7518 §3.1, RFC 8037 §3.1).
  public enum Algorithm: String, Sendable, CaseIterable {
    /// ECDSA on P-256.
    case es256 = "ES256"
    /// RSA, PKCS #1 v1.5.
    case rs256 = "RS256"
    /// RSA, PSS.
    case ps256 = "PS256"
    /// Ed25519.
    case edDSA = "EdDSA"
  }

  /// Signs bytes by an algorithm, as JOSE has it (RFC 7518 §3): for `ES256` 64 bytes, `r` and then `s`, which is CryptoKit's
  /// `rawRepresentation`. It has 20 seconds. If it fails, the text of a `LocalizedError` becomes part of the ``CxError`` and must
  /// hold no secret.
  public typealias Signer = @Sendable (_ bytes: Data, _ algorithm: Algorithm) async throws -> Data

  /// A key in PEM (PKCS #8, not encrypted), which is read from its source when something is signed. A text that is there already
  /// is no source for it: a function that gives it is. Where there is CryptoKit it signs by `ES256`; for every other algorithm,
  /// and elsewhere, give a ``signer(algorithm:keyID:_:)``.
  ///
  /// - Parameter keyID: The key's `kid`, by which the server finds its public half.
  public static func pem(_ source: SecretSource, algorithm: Algorithm, keyID: String? = nil) -> Self {
    Self(place: .pem(source), algorithm: algorithm, keyID: keyID)
  }

  /// A key that a function of your own signs with: one in the Secure Enclave, for instance.
  ///
  /// ```swift
  /// connection.clientKey = .signer(algorithm: .es256) { bytes, _ in try await vault.signature(of: bytes) }
  /// ```
  public static func signer(algorithm: Algorithm, keyID: String? = nil, _ sign: @escaping Signer) -> Self {
    Self(place: .signer(sign), algorithm: algorithm, keyID: keyID)
  }
}

extension ClientKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// How it signs, and where it is read.
  public var description: String {
    switch place {
    case .pem(let source): "ClientKey(\(algorithm.rawValue), \(source))"
    case .signer: "ClientKey(\(algorithm.rawValue), signer)"
    }
  }

  /// The same.
  public var debugDescription: String { description }

  /// A mirror that shows nothing.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
