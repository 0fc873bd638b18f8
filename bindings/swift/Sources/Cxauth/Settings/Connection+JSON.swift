import Foundation
internal import CxauthBridge

extension Connection {
  /// Reads a connection from a JSON object with the names of the configuration file, such as
  /// `{ "platform": "cisco-cx-cloud", "client_id": "key", "client_secret": { "env": "CX_SECRET" } }`. A secret is text, or
  /// an object with one of the members `env`, `file`, `command`, `keychain` and `function`
  /// (``CxClient/Options/secretFunctions``).
  ///
  /// - Throws: ``CxError`` with the action ``CxError/Action/fixConfiguration``; it names the setting and repeats no value.
  public init(json: String) throws(CxError) {
    _ = try CxError.catching { try openConnection(json: json) }
    try self.init(readable: json)
  }

  /// The same for what the bridge has written itself, which need not say who asks.
  init(readable json: String) throws(CxError) {
    // The bridge has read it: it is an object, and each value is of the kind that its name asks for.
    let object = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    guard let object else {
      throw CxError(
        code: .settingsUnreadable, action: .fixConfiguration,
        explanation: "The settings are not JSON that Foundation reads.")
    }
    self.init()
    for setting in Self.settings {
      if let value = object[setting.name], !(value is NSNull) {
        setting.read(value, &self)
      }
    }
  }

  /// What the bridge reads. It holds secrets. A function goes by the name of the setting that it is for.
  var json: String {
    var object: [String: Any] = [:]
    for setting in Self.settings {
      object[setting.name] = setting.write(self)
    }
    let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
    return String(decoding: data ?? Data("{}".utf8), as: UTF8.self)
  }

  /// The functions that read secrets, by the names that ``json`` gives them.
  var functions: [String: SecretFunction] {
    var functions: [String: SecretFunction] = [:]
    for (name, source) in Self.secrets {
      if case .function(let function) = self[keyPath: source]?.kind {
        functions[functionName(of: name)] = function
      }
    }
    if case .pem(let source) = clientKey?.place, case .function(let function) = source.kind {
      functions[functionName(of: "client_key")] = function
    }
    return functions
  }

  /// What signs, by the same names.
  var signers: [String: ClientKey.Signer] {
    guard case .signer(let sign) = clientKey?.place else { return [:] }
    return [functionName(of: "client_key"): sign]
  }

  /// What may be printed, in the order of the settings.
  var shown: [(String, Any)] {
    Self.settings.compactMap { setting in
      setting.show(self).map { (setting.name, $0) }
    }
  }

  private static var secrets: [(String, KeyPath<Connection, SecretSource?>)] {
    [
      ("client_secret", \.clientSecret), ("password", \.password), ("api_key", \.apiKey),
      ("refresh_token", \.refreshToken), ("subject_token", \.subjectToken), ("actor_token", \.actorToken),
      ("assertion", \.assertion),
    ]
  }
}

/// A name that no function of the user's has by accident.
private func functionName(of setting: String) -> String {
  "Connection.\(setting)"
}

// MARK: - One setting

/// A setting: how it stands in JSON, and what of it may be printed.
private struct Setting {
  let name: String
  let read: (Any, inout Connection) -> Void
  let write: (Connection) -> Any?
  let show: (Connection) -> Any?
}

extension Connection {
  fileprivate static var settings: [Setting] {
    [
      choice("platform", \.platform),
      text("domain", \.domain),
      address("base", \.base),
      text("client_id", \.clientID),
      secret("client_secret", \.clientSecret),
      key("client_key", \.clientKey),
      text("username", \.username),
      text("email", \.email),
      secret("password", \.password),
      secret("api_key", \.apiKey),
      secret("refresh_token", \.refreshToken),
      secret("subject_token", \.subjectToken),
      text("subject_token_type", \.subjectTokenType),
      secret("actor_token", \.actorToken),
      text("actor_token_type", \.actorTokenType),
      text("requested_token_type", \.requestedTokenType),
      secret("assertion", \.assertion),
      texts("scopes", \.scopes),
      text("issuer", \.issuer),
      address("authorization_endpoint", \.authorizationEndpoint),
      address("pushed_authorization_request_endpoint", \.pushedAuthorizationRequestEndpoint),
      address("device_authorization_endpoint", \.deviceAuthorizationEndpoint),
      address("introspection_endpoint", \.introspectionEndpoint),
      text("redirect_uri", \.redirectURI),
      pairs("authorization_parameters", \.authorizationParameters),
      truth("require_pushed_authorization_requests", \.requirePushedAuthorizationRequests),
      truth("authorization_response_iss_parameter_supported", \.authorizationResponseIssParameterSupported),
      address("token_endpoint", \.tokenEndpoint),
      address("refresh_endpoint", \.refreshEndpoint),
      address("revocation_endpoint", \.revocationEndpoint),
      choice("grant", \.grant),
      choice("client_authentication", \.clientAuthentication),
      choice("body", \.body),
      pairs("headers", \.headers),
      pairs("parameters", \.parameters),
      texts("resource", \.resource),
      text("audience", \.audience),
      truth("strict_token_type", \.strictTokenType),
      address("api_base", \.apiBase),
      texts("hosts", \.hosts),
      text("header", \.header),
      text("prefix", \.prefix),
      pairs("api_headers", \.apiHeaders),
      choice("renewal", \.renewal),
      seconds("refresh_lifetime", \.refreshLifetime),
      truth("rotates", \.rotates),
      seconds("grace", \.grace),
      truth("keep_password", \.keepPassword),
      seconds("ask_again", \.askAgain),
      text("title", \.title),
      texts("required", \.required),
    ]
  }

  private typealias Path<Value> = WritableKeyPath<Connection, Value?>

  private static func plain<Value>(
    _ name: String, _ path: Path<Value>,
    read: @escaping (Any) -> Value?, write: @escaping (Value) -> Any
  ) -> Setting {
    Setting(
      name: name, read: { $1[keyPath: path] = read($0) }, write: { $0[keyPath: path].map(write) },
      show: { $0[keyPath: path].map(write) })
  }

  private static func text(_ name: String, _ path: Path<String>) -> Setting {
    plain(name, path, read: { $0 as? String }, write: { $0 })
  }

  private static func texts(_ name: String, _ path: Path<[String]>) -> Setting {
    plain(name, path, read: { $0 as? [String] ?? ($0 as? String).map { [$0] } }, write: { $0 })
  }

  private static func truth(_ name: String, _ path: Path<Bool>) -> Setting {
    plain(name, path, read: { $0 as? Bool }, write: { $0 })
  }

  private static func address(_ name: String, _ path: Path<URL>) -> Setting {
    plain(name, path, read: { ($0 as? String).flatMap(URL.init(string:)) }, write: { $0.absoluteString })
  }

  private static func choice<Choice: RawRepresentable<String>>(
    _ name: String, _ path: Path<Choice>
  ) -> Setting {
    plain(name, path, read: { ($0 as? String).flatMap(Choice.init(rawValue:)) }, write: { $0.rawValue })
  }

  private static func seconds(_ name: String, _ path: Path<Duration>) -> Setting {
    plain(name, path, read: { ($0 as? NSNumber).map { .seconds($0.doubleValue) } }, write: written)
  }

  /// Names and values. What an extra parameter or header says may be a secret: only the names are shown.
  private static func pairs(_ name: String, _ path: Path<[String: String]>) -> Setting {
    Setting(
      name: name, read: { $1[keyPath: path] = $0 as? [String: String] }, write: { $0[keyPath: path] },
      show: { $0[keyPath: path]?.keys.sorted() })
  }

  private static func secret(_ name: String, _ path: Path<SecretSource>) -> Setting {
    Setting(
      name: name, read: { $1[keyPath: path] = source($0) },
      write: { $0[keyPath: path].map { written($0, functionName: functionName(of: name)) } },
      show: { $0[keyPath: path]?.description })
  }
}

extension Connection {
  /// A key is where a secret is, with how it signs beside it.
  private static func key(_ name: String, _ path: Path<ClientKey>) -> Setting {
    Setting(
      name: name, read: { $1[keyPath: path] = keyed($0) },
      write: { $0[keyPath: path].map { written($0, functionName: functionName(of: name)) } },
      show: { $0[keyPath: path]?.description })
  }
}

private func keyed(_ value: Any) -> ClientKey? {
  guard var members = value as? [String: Any],
    let algorithm = (members.removeValue(forKey: "algorithm") as? String).flatMap(ClientKey.Algorithm.init)
  else { return nil }
  let keyID = members.removeValue(forKey: "key_id") as? String
  return source(members).map { .pem($0, algorithm: algorithm, keyID: keyID) }
}

private func written(_ key: ClientKey, functionName: String) -> Any {
  var members: [String: Any] = ["algorithm": key.algorithm.rawValue]
  members["key_id"] = key.keyID
  let place: Any
  switch key.place {
  case .pem(let source): place = written(source, functionName: functionName)
  case .signer: place = ["function": functionName]
  }
  // A text in the place of a source: the bridge says what is wrong with it, and repeats nothing of it.
  guard let place = place as? [String: Any] else { return members }
  return members.merging(place) { own, _ in own }
}

private func source(_ value: Any) -> SecretSource? {
  if let text = value as? String { return .value(text) }
  guard let (kind, value) = (value as? [String: Any])?.first else { return nil }
  let text = value as? String
  switch kind {
  case "env": return text.map { SecretSource(kind: .environment($0)) }
  case "file": return text.map { SecretSource(kind: .file($0)) }
  case "command":
    let words = value as? [String] ?? text?.split(whereSeparator: \.isWhitespace).map(String.init)
    return words.map { SecretSource(kind: .command($0)) }
  case "keychain": return text.map { SecretSource(kind: .keychain($0)) }
  case "function": return text.map { SecretSource(kind: .functionNamed($0)) }
  default: return nil
  }
}

private func written(_ source: SecretSource, functionName: String) -> Any {
  switch source.kind {
  case .value(let secret): secret.reveal()
  case .environment(let name): ["env": name]
  case .file(let path): ["file": path]
  case .command(let words): ["command": words]
  case .keychain(let entry): ["keychain": entry]
  case .function: ["function": functionName]
  case .functionNamed(let name): ["function": name]
  }
}

/// Whole seconds as an integer. A fraction is written down as it is: the bridge says what is wrong with it.
private func written(_ duration: Duration) -> Any {
  let (seconds, fraction) = duration.components
  return fraction == 0 ? seconds : duration / .seconds(1)
}
