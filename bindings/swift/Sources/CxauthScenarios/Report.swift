import Foundation

/// Writes `pass ID` or `FAIL ID: what differed` a line, and counts. A file that cannot be read, and a folder without
/// scenarios, count as failed.
public struct Report {
  public private(set) var passed = 0
  public private(set) var failed = 0

  private var seen: Set<String> = []
  private let out: (String) -> Void

  /// Runs every `.json` file of the folder and the folders in it, in the order of their names. `tests/vectors/README.md` is
  /// the format's contract.
  public static func run(_ folder: URL, out: @escaping (String) -> Void) -> Report {
    var report = Report(out: out)
    if let files = files(of: folder) {
      for (name, file) in files { report.run(file, name) }
      if report.passed + report.failed == 0 { report.fail(folder.path, "there are no scenarios in this folder") }
    } else {
      report.fail(folder.path, "cannot be read")
    }
    out("\(report.passed) passed, \(report.failed) failed")
    return report
  }

  private init(out: @escaping (String) -> Void) {
    self.out = out
  }

  private mutating func pass(_ name: String) {
    passed += 1
    out("pass \(name)")
  }

  private mutating func fail(_ name: String, _ why: String) {
    failed += 1
    out("FAIL \(name): \(why.split(whereSeparator: \.isNewline).joined(separator: " "))")
  }

  /// In the order of their names, so that two runs print the same.
  private static func files(of folder: URL) -> [(name: String, file: URL)]? {
    guard let names = try? FileManager.default.subpathsOfDirectory(atPath: folder.path) else { return nil }
    let scenarios = names.filter { $0.hasSuffix(".json") }.sorted()
    return scenarios.map { ($0, folder.appendingPathComponent($0)) }
  }

  private mutating func run(_ file: URL, _ name: String) {
    guard let text = try? Data(contentsOf: file) else { return fail(name, "cannot be read") }
    let scenarios: JSON
    do {
      scenarios = try JSON(text)
    } catch {
      return fail(name, "is no JSON: \(error)")
    }
    guard let array = scenarios.array else { return fail(name, "is no array of scenarios") }
    for (index, value) in array.enumerated() {
      run(value, "\(name)[\(index)]", name)
    }
  }

  private mutating func run(_ value: JSON, _ place: String, _ file: String) {
    let name = value.object?["id"]?.string ?? place
    guard seen.insert(name).inserted else { return fail(name, "the id stands twice; here in \(file)") }
    do {
      try Scenario.run(value)
      pass(name)
    } catch {
      fail(name, "\(error)")
    }
  }
}
