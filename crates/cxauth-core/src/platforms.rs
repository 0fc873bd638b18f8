//! The platforms that cxauth knows by name: data, one file each.

use crate::{Error, ErrorCode, Settings};

/// The ids of the platforms, and of `generic`, which is every other server.
pub const PLATFORMS: [&str; 5] = ["cloudcx", "cisco-cx-cloud", "sangoma-cx", "cloudlx", "generic"];

/// The profile of a platform: the settings that hold where a connection says nothing else. In its texts `{domain}` and
/// `{base}` stand for the connection's.
///
/// # Errors
/// `unknown_platform`.
pub fn profile(platform: &str) -> Result<Settings, Error> {
    let text = match platform {
        "cloudcx" => include_str!("../profiles/cloudcx.json"),
        "cisco-cx-cloud" => include_str!("../profiles/cisco-cx-cloud.json"),
        "sangoma-cx" => include_str!("../profiles/sangoma-cx.json"),
        "cloudlx" => include_str!("../profiles/cloudlx.json"),
        "generic" => include_str!("../profiles/generic.json"),
        _ => return Err(Error::new(ErrorCode::UnknownPlatform).with_detail(platform)),
    };
    Settings::from_json(text)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_profile_is_readable() {
        for platform in super::PLATFORMS {
            assert!(super::profile(platform).is_ok(), "{platform}");
        }
    }
}
