//! What the Kotlin package is built with: a JDK and Maven, from Debian's packages where the machine has none.

use std::{path::Path, process::Command};

use anyhow::{Context, Result, bail};

use crate::{maven, part::Done, process, workspace::Workspace};

const JAVA: u32 = 17;
const MAVEN: (u32, u32) = (3, 8);
const WANTED: &str = "install a JDK 17 or later and Maven 3.8 or later and put `java` and `mvn` on PATH \
    (on Debian, as root: `apt-get install default-jdk-headless maven`)";

pub(super) fn install(workspace: &Workspace) -> Result<Done> {
    if let Some(versions) = find(workspace) {
        println!("{versions} is there already");
        return Ok(Done::Passed);
    }
    let install = || {
        process::run(
            Command::new("apt-get")
                .args(["install", "--yes", "--no-install-recommends", "default-jdk-headless", "maven"])
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    if install().is_err() {
        // The machine's lists may be older than the mirror.
        process::run(Command::new("apt-get").arg("update")).context(WANTED)?;
        install().context(WANTED)?;
    }
    if find(workspace).is_none() {
        bail!("{WANTED}");
    }
    Ok(Done::Passed)
}

/// The versions in words, when they are new enough and the JDK is a whole one.
fn find(workspace: &Workspace) -> Option<String> {
    let java = maven::java();
    let compiler = Path::new(java.get_program()).with_file_name("javac");
    if !process::succeeds(Command::new(compiler).arg("-version")) {
        return None;
    }
    // Maven that is to be silent leaves out the Java.
    let output = Command::new(maven::maven(&workspace.root).get_program()).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let (found, java) = versions(&text)?;
    let new_enough = found >= MAVEN && java >= JAVA;
    (output.status.success() && new_enough).then(|| format!("Maven {}.{} on Java {java}", found.0, found.1))
}

/// Of `mvn --version`: Maven's, and that of the Java that it runs on.
fn versions(text: &str) -> Option<((u32, u32), u32)> {
    let after = |label: &str| text.split_once(label).map(|(_, rest)| rest);
    let numbers = |text: &str| -> Vec<u32> {
        text.split(|character: char| !character.is_ascii_digit())
            .map_while(|number| number.parse().ok())
            .collect()
    };
    let [major, minor, ..] = numbers(after("Apache Maven ")?)[..] else { return None };
    let java = *numbers(after("Java version: ")?).first()?;
    Some(((major, minor), java))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_are_read_from_what_maven_says() {
        let text = "\u{1b}[1mApache Maven 3.8.7\u{1b}[m\nMaven home: /usr/share/maven\nJava version: 17.0.15, vendor: \
                    Debian, runtime: /usr/lib/jvm/java-17-openjdk-amd64\n";
        assert_eq!(versions(text), Some(((3, 8), 17)));
        assert_eq!(
            versions("Apache Maven 4.0.0-rc-4\nJava version: 1.8.0_402, vendor: x"),
            Some(((4, 0), 1))
        );
        assert_eq!(versions("Apache Maven\nJava version: 17"), None);
        assert_eq!(versions("command not found"), None);
        assert!((4, 0) >= MAVEN && (3, 6) < MAVEN);
    }
}
