//! Debian's package installer, where it may be used.

use std::process::Command;

use anyhow::Result;

use crate::command;

/// What the system is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Distribution {
    /// Debian and its like.
    Debian,
    /// Ubuntu and its like, whose packages of browsers are snaps.
    Ubuntu,
    /// Any other system.
    Other,
}

/// This machine's system.
pub fn distribution() -> Distribution {
    std::fs::read_to_string("/etc/os-release").map_or(Distribution::Other, |text| distribution_of(&text))
}

fn distribution_of(os_release: &str) -> Distribution {
    let value = |key: &str| {
        let line = os_release.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        line.map_or("", |value| value.trim_matches('"'))
    };
    let likes = |name| value("ID") == name || value("ID_LIKE").split(' ').any(|like| like == name);
    if likes("ubuntu") {
        Distribution::Ubuntu
    } else if likes("debian") {
        Distribution::Debian
    } else {
        Distribution::Other
    }
}

/// Debian's package installer, with the right to use it.
pub struct Apt {
    sudo: bool,
}

impl Apt {
    /// `None` where packages cannot be installed.
    pub fn usable() -> Option<Self> {
        if distribution() != Distribution::Debian {
            return None;
        }
        let is_root = command::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
        if is_root {
            return Some(Self { sudo: false });
        }
        command::succeeds(Command::new("sudo").args(["-n", "true"])).then_some(Self { sudo: true })
    }

    /// Installs packages.
    pub fn install(&mut self, packages: &[&str]) -> Result<()> {
        command::run(self.apt_get().arg("update"))?;
        command::run(self.apt_get().args(["install", "-y", "--no-install-recommends"]).args(packages))
    }

    fn apt_get(&self) -> Command {
        let mut command = Command::new(if self.sudo { "sudo" } else { "env" });
        if self.sudo {
            command.args(["-n", "env"]);
        }
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::{Distribution, distribution_of};

    #[test]
    fn tells_debian_from_those_whose_chromium_is_a_snap() {
        assert_eq!(distribution_of("PRETTY_NAME=\"Debian\"\nID=debian\n"), Distribution::Debian);
        assert_eq!(distribution_of("ID=ubuntu\nID_LIKE=debian\n"), Distribution::Ubuntu);
        assert_eq!(distribution_of("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"), Distribution::Ubuntu);
        assert_eq!(distribution_of("ID=raspbian\nID_LIKE=debian\n"), Distribution::Debian);
        assert_eq!(distribution_of("ID=fedora\n"), Distribution::Other);
    }
}
