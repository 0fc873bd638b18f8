import CxauthBridge
import Foundation

@testable import Cxauth

/// What the bridge says, without its types, whose names are also those of the package's.
enum Bridge {
  static var platforms: [String] { CxauthBridge.platforms() }

  static var errorCodes: [String] { CxauthBridge.errorCodes() }

  /// The code of the error with which it reads these settings.
  static func code(ofSettings json: String) -> String? {
    do {
      _ = try openConnection(json: json)
      return nil
    } catch AuthError.Failed(let code, _, _, _, _, _, _) {
      return code
    } catch {
      return "\(error)"
    }
  }
}

extension CxClient {
  /// Signs the session out without the client's knowing.
  func signOutBehindItsBack() {
    let session = keeper.with { session, _ in session }
    session.signOut(nowMs: keeper.nowMs)
  }
}
