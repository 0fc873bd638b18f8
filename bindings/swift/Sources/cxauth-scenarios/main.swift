import CxauthScenarios
import Foundation

// Runs a folder of scenarios: `cxauth-scenarios DIR`. The status is 1 after any failure.
guard let folder = CommandLine.arguments.dropFirst().first, CommandLine.arguments.count == 2 else {
  FileHandle.standardError.write(Data("usage: cxauth-scenarios DIR\n".utf8))
  exit(2)
}
let report = Report.run(URL(fileURLWithPath: folder)) { print($0) }
exit(report.failed == 0 ? 0 : 1)
