import CxauthBridge
import Foundation

/// The sign-ins that came out as `authorize`. They belong to the scenario: another process may go on.
struct SignIns {
  /// What a program would keep while the person is in the browser.
  struct Kept {
    let names: Set<String>
    let state: String
    let text: String
  }

  /// The latest last.
  private var kept: [Kept] = []

  /// Keeps one, for the redirect with the state that went out. It throws where such a redirect would not be its answer.
  mutating func keep(_ names: Set<String>, state: String?, text: String) throws {
    guard let state else { throw ScenarioError("no state went out with the sign-in") }
    if !(try signInIsAnsweredBy(signIn: text, redirect: "https://app.example/?state=\(state)")) {
      throw ScenarioError("the state that went out is not the one of what is to be kept")
    }
    kept.append(Kept(names: names, state: state, text: text))
  }

  /// The latest of this name, or of any.
  func find(_ of: String?) throws -> Kept {
    guard let found = kept.last(where: { kept in of.map(kept.names.contains) ?? true }) else {
      throw ScenarioError(of.map { "`of`: there is no sign-in \($0)" } ?? "there is no sign-in")
    }
    return found
  }
}

/// Where the browser goes, or what is sent; with the state that goes along, if one does.
struct Outgoing {
  let value: JSON
  let state: String?
}

// MARK: - Reading what goes out

extension Outgoing {
  /// A request as a scenario expects it: `form` or `json` beside `body`, by its content type; names for what was drawn.
  init(_ request: TokenRequest) {
    let headers = Dictionary(zip(request.headerNames(), request.headerValues()), uniquingKeysWith: { _, last in last })
    let body = String(decoding: request.body(), as: UTF8.self)
    var keys: [String: JSON] = [
      "method": .text(request.method()), "url": .text(request.url()), "headers": .object(headers.mapValues(JSON.text)),
      "body": .text(body),
    ]
    var state: String?
    switch headers["content-type"] {
    case "application/x-www-form-urlencoded": (keys["form"], state) = Self.named(Self.form(body))
    case "application/json": (keys["json"], state) = Self.named((try? JSON(request.body())) ?? .null)
    default: break
    }
    (value, self.state) = (.object(keys), state)
  }

  /// The outcome `authorize`, without its key.
  init(authorization step: CxauthBridge.Step) {
    let address = step.authorizationUrl() ?? ""
    let parts = address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let (parameters, state) = Self.named(Self.form(parts.count > 1 ? String(parts[1]) : ""))
    (value, self.state) = (.object(["url": .text(String(parts[0])), "parameters": parameters]), state)
  }

  /// Puts a name in the place of each value that was drawn and looks as it should; and the state, if one is there.
  private static func named(_ sent: JSON) -> (JSON, state: String?) {
    guard var fields = sent.object else { return (sent, nil) }
    let state = fields["state"]?.string
    for name in ["state", "code_challenge", "code_verifier"] where fields[name]?.string.map(isRandom) == true {
      fields[name] = .text("{\(name)}")
    }
    if fields["client_assertion"]?.string.map(isAssertion) == true {
      fields["client_assertion"] = .text("{client_assertion}")
    }
    return (.object(fields), state)
  }

  /// 32 bytes as RFC 7636 §4.1 recommends them, in RFC 3986's unreserved characters.
  private static func isRandom(_ text: String) -> Bool {
    text.utf8.count == 43 && text.utf8.allSatisfy { isLetterOrDigit($0) || "-._~".utf8.contains($0) }
  }

  private static func isAssertion(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 3
      && parts.allSatisfy { part in
        !part.isEmpty && part.allSatisfy { isLetterOrDigit($0) || "-_".utf8.contains($0) }
      }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  /// A field that stands twice comes out as an array, which no expectation of one text equals.
  private static func form(_ body: String) -> JSON {
    var fields: [String: [JSON]] = [:]
    for field in body.split(separator: "&") {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(decoded)
      fields[parts[0], default: []].append(.text(parts.count > 1 ? parts[1] : ""))
    }
    return .object(fields.mapValues { $0.count == 1 ? $0[0] : .array($0) })
  }

  private static func decoded(_ text: Substring) -> String {
    let text = text.replacingOccurrences(of: "+", with: " ")
    return text.removingPercentEncoding ?? text
  }
}
