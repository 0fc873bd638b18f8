/// Every code that this version of the library knows, in the order of the glossary.
extension CxError.Code: CaseIterable {
  /// The settings are not a JSON object, or a name stands in it twice.
  public static let settingsUnreadable = Self(rawValue: "settings_unreadable")
  /// The platform is none that cxauth knows.
  public static let unknownPlatform = Self(rawValue: "unknown_platform")
  /// A setting has a name that cxauth does not know.
  public static let unknownSetting = Self(rawValue: "unknown_setting")
  /// A setting that this connection needs is not there.
  public static let missingSetting = Self(rawValue: "missing_setting")
  /// A setting has a value that cannot be used.
  public static let invalidSetting = Self(rawValue: "invalid_setting")
  /// A configured address is not https, or carries user information.
  public static let insecureURL = Self(rawValue: "insecure_url")
  /// An extra parameter or header has a name that cxauth sends itself.
  public static let reservedParameter = Self(rawValue: "reserved_parameter")
  /// A secret could not be read from its source.
  public static let secretUnreadable = Self(rawValue: "secret_unreadable")
  /// The server does not accept the client's identity or secret (RFC 6749 §5.2).
  public static let invalidClient = Self(rawValue: "invalid_client")
  /// The server refused the request with 401 and named no reason that RFC 6749 knows.
  public static let unauthorized = Self(rawValue: "unauthorized")
  /// The client may not use this grant (RFC 6749 §5.2).
  public static let unauthorizedClient = Self(rawValue: "unauthorized_client")
  /// The server does not know this grant (RFC 6749 §5.2).
  public static let unsupportedGrantType = Self(rawValue: "unsupported_grant_type")
  /// The server does not accept the scopes that were asked for (RFC 6749 §5.2).
  public static let invalidScope = Self(rawValue: "invalid_scope")
  /// The server refused the grant itself, and no person's sign-in is behind it (RFC 6749 §5.2).
  public static let grantRefused = Self(rawValue: "grant_refused")
  /// The server refused the user's password, code or refresh token (RFC 6749 §5.2).
  public static let invalidGrant = Self(rawValue: "invalid_grant")
  /// The server calls the request itself wrong (RFC 6749 §5.2).
  public static let invalidRequest = Self(rawValue: "invalid_request")
  /// There is no refresh token left, and no other way to a token.
  public static let signInRequired = Self(rawValue: "sign_in_required")
  /// The only refresh token was sent and its answer got lost; a server that rotates has ended it.
  public static let refreshTokenSpent = Self(rawValue: "refresh_token_spent")
  /// The only refresh token is past its lifetime.
  public static let refreshTokenExpired = Self(rawValue: "refresh_token_expired")
  /// The person or the server refused the sign-in (RFC 6749 §4.1.2.1, RFC 8628 §3.5).
  public static let authorizationRefused = Self(rawValue: "authorization_refused")
  /// What came back to the redirect address does not answer this sign-in.
  public static let redirectRefused = Self(rawValue: "redirect_refused")
  /// The sign-in took longer than it may.
  public static let signInExpired = Self(rawValue: "sign_in_expired")
  /// The server's metadata is not what RFC 8414 describes, or is another server's.
  public static let metadataRefused = Self(rawValue: "metadata_refused")
  /// No connection to the token endpoint came about; nothing was sent.
  public static let serverUnreachable = Self(rawValue: "server_unreachable")
  /// The token endpoint did not answer in time; it may have processed the request.
  public static let timedOut = Self(rawValue: "timed_out")
  /// The connection broke before the answer was complete; the server may have processed the request.
  public static let interrupted = Self(rawValue: "interrupted")
  /// The token endpoint answered with a redirect, which is never followed: it would carry secrets elsewhere.
  public static let redirected = Self(rawValue: "redirected")
  /// The token endpoint is not there (404).
  public static let endpointNotFound = Self(rawValue: "endpoint_not_found")
  /// The token endpoint asks for fewer requests (429).
  public static let rateLimited = Self(rawValue: "rate_limited")
  /// The token endpoint is out of order for now (408, 425, 5xx, or temporarily_unavailable).
  public static let serverUnavailable = Self(rawValue: "server_unavailable")
  /// The token endpoint refused the request for a reason that cannot be known to be permanent.
  public static let requestRefused = Self(rawValue: "request_refused")
  /// The answer is not what RFC 6749 §5.1 describes.
  public static let answerMalformed = Self(rawValue: "answer_malformed")
  /// The answer is longer than 64 KiB and was not read.
  public static let answerTooLarge = Self(rawValue: "answer_too_large")
  /// The API refused a new token as it had refused the one before.
  public static let tokenRefused = Self(rawValue: "token_refused")
  /// A renewal brought the token that was there before.
  public static let noProgress = Self(rawValue: "no_progress")
  /// The store could not be locked or read.
  public static let storeUnavailable = Self(rawValue: "store_unavailable")
  /// A snapshot cannot be read.
  public static let snapshotDamaged = Self(rawValue: "snapshot_damaged")
  /// A snapshot was written by a newer cxauth.
  public static let snapshotFromNewerVersion = Self(rawValue: "snapshot_from_newer_version")
  /// In a language without sum types: what was asked for is not in the object.
  public static let absent = Self(rawValue: "absent")
  /// The destination is not one that may see the token.
  public static let destinationRefused = Self(rawValue: "destination_refused")

  /// All of them.
  public static let allCases: [Self] = [
    .settingsUnreadable, .unknownPlatform, .unknownSetting, .missingSetting, .invalidSetting,
    .insecureURL, .reservedParameter, .secretUnreadable, .invalidClient, .unauthorized,
    .unauthorizedClient, .unsupportedGrantType, .invalidScope, .grantRefused, .invalidGrant,
    .invalidRequest, .signInRequired, .refreshTokenSpent, .refreshTokenExpired,
    .authorizationRefused, .redirectRefused, .signInExpired, .metadataRefused, .serverUnreachable,
    .timedOut, .interrupted, .redirected, .endpointNotFound, .rateLimited, .serverUnavailable,
    .requestRefused, .answerMalformed, .answerTooLarge, .tokenRefused, .noProgress,
    .storeUnavailable, .snapshotDamaged, .snapshotFromNewerVersion, .absent, .destinationRefused,
  ]
}
