import Foundation

@testable import Cxauth

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// The platforms on loopback: the program `cxauth-sim`, which ends with its standard input.
final class Simulator: Sendable {
  let control: String
  let platforms: [String: Addresses]

  private let program: Running

  struct Addresses: Decodable, Sendable {
    let base: String
    let api_base: String
  }

  private struct Line: Decodable, Sendable {
    let control: String
    let platforms: [String: Addresses]
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  init() async throws {
    guard let path = ProcessInfo.processInfo.environment["CXAUTH_SIM"] else {
      throw Failure(description: "CXAUTH_SIM does not name the program `cxauth-sim`")
    }
    // Away from the threads that all tests share.
    let (program, line) = try await blocking {
      let program = try Running(path)
      return (program, try JSONDecoder().decode(Line.self, from: program.firstLine()))
    }
    (self.program, control, platforms) = (program, line.control, line.platforms)
  }

  deinit {
    program.end()
  }

  /// A request to the control API.
  @discardableResult
  func steer(_ path: String, method: String = "GET", _ body: JSON? = nil) async throws -> Data {
    guard let url = URL(string: control + path) else { throw Failure(description: "no address: \(path)") }
    var request = URLRequest(url: url)
    request.httpMethod = method
    if let body {
      request.httpBody = try body.data
      request.setValue("application/json", forHTTPHeaderField: "content-type")
    }
    let (data, response) = try await URLSession.shared.data(for: request)
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    guard (200..<300).contains(status) else {
      throw Failure(description: "\(method) \(path): \(status) \(String(decoding: data, as: UTF8.self))")
    }
    return data
  }
}

private final class Running: @unchecked Sendable {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  init(_ path: String) throws {
    process.executableURL = URL(fileURLWithPath: path)
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  func firstLine() throws -> Data {
    var line = Data()
    while !line.contains(UInt8(ascii: "\n")) {
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { throw Simulator.Failure(description: "the simulator ended: \(process.executableURL as Any)") }
      line.append(more)
    }
    return line
  }

  func end() {
    try? input.fileHandleForWriting.close()
    process.terminate()
  }
}
