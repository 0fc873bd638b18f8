import CxauthBridge

/// The connection of a scenario: its settings as JSON, which the bridge reads.
enum Connections {
  /// What a scenario without `connection` has.
  static let standard: [String: JSON] = [
    "platform": .text("generic"), "token_endpoint": .text("https://as.example/token"),
    "grant": .text("client_credentials"), "client_authentication": .text("client_secret_post"),
    "client_id": .text("id"), "client_secret": .text("secret"),
  ]

  /// The connection of these settings, or the bridge's error.
  static func open(_ settings: [String: JSON]) throws -> Connection {
    try openConnection(json: JSON.object(settings).written)
  }

  /// A name that no connection has is a mistake in the scenario, not in the connection.
  static func check(_ settings: [String: JSON]) throws {
    for name in settings.keys.sorted() where !isKnown(name) {
      throw ScenarioError("unknown key `\(name)` in `connection`")
    }
  }

  /// The settings with new values; null says nothing, headers and parameters are joined by name.
  static func changed(_ settings: [String: JSON], _ changes: [String: JSON]) -> [String: JSON] {
    var result = settings
    for (name, value) in changes where !value.isNull {
      if ["headers", "api_headers", "parameters"].contains(name), let above = value.object,
        let below = result[name]?.object
      {
        let taken = Set(above.keys.map { $0.lowercased() })
        let kept = below.filter { !taken.contains($0.key.lowercased()) }
        result[name] = .object(kept.merging(above) { _, above in above })
      } else {
        result[name] = value
      }
    }
    return result
  }

  private static func isKnown(_ name: String) -> Bool {
    do {
      // Alone, so that no other setting's error comes first.
      _ = try open([name: .text("")])
    } catch AuthError.Failed(let code, _, _, _, _, _, _) {
      return code != "unknown_setting"
    } catch {
      return true
    }
    return true
  }
}
