//! Three zones, each with a network namespace. One bridge leads from the backends to the instances, another joins the databases. All of it
//! is in a namespace without any other interface, and ends with that.

use anyhow::{Context, Result, ensure};
use std::fmt;
use std::process::Command;

/// Where an instance and a database's machine are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(usize);

pub const ZONES: [Zone; 3] = [Zone(0), Zone(1), Zone(2)];

/// TEST-NET-1 and TEST-NET-2 of RFC 5737, which are nobody's.
pub const DATABASES: &str = "192.0.2.0/24";
const BRIDGES: [(&str, &str); 2] = [("back", "192.0.2"), ("front", "198.51.100")];

impl Zone {
    pub const fn index(self) -> usize {
        self.0
    }

    pub fn named(name: &str) -> Option<Self> {
        ZONES.into_iter().find(|zone| zone.to_string() == name)
    }

    /// Of the database's machine.
    pub fn database(self) -> String {
        format!("192.0.2.{}", self.0 + 11)
    }

    /// Of the instance.
    pub fn instance(self) -> String {
        format!("198.51.100.{}:8787", self.0 + 11)
    }

    /// A program in the zone's network.
    pub fn command(self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net=/run/netns/{self}")).arg(program);
        command
    }

    /// The database's machine is reached by nobody outside the zone, and reaches nobody; nor does the instance reach others' machines.
    pub fn cut_off(self) -> Result<()> {
        ip(&format!("link set back-{self} down"))
    }

    pub fn join(self) -> Result<()> {
        ip(&format!("link set back-{self} up"))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(["a", "b", "c"][self.0])
    }
}

/// Makes it all, from the side of the backends.
pub fn build() -> Result<()> {
    let interfaces = std::fs::read_to_string("/proc/self/net/dev").context("cannot list the interfaces")?;
    // Two lines of headings, and the loopback interface.
    ensure!(
        interfaces.lines().count() == 3,
        "this is no network of its own: `cargo xtask drill` starts it in one"
    );
    ip("link set lo up")?;
    for (bridge, network) in BRIDGES {
        ip(&format!("link add {bridge} type bridge"))?;
        ip(&format!("address add {network}.1/24 dev {bridge}"))?;
        ip(&format!("link set {bridge} up"))?;
    }
    for zone in ZONES {
        ip(&format!("netns add {zone}"))?;
        ip(&format!("-n {zone} link set lo up"))?;
        for (bridge, network) in BRIDGES {
            ip(&format!("link add {bridge}-{zone} type veth peer name {bridge} netns {zone}"))?;
            ip(&format!("link set {bridge}-{zone} master {bridge} up"))?;
            ip(&format!("-n {zone} address add {network}.{}/24 dev {bridge}", zone.index() + 11))?;
            ip(&format!("-n {zone} link set {bridge} up"))?;
        }
    }
    Ok(())
}

fn ip(arguments: &str) -> Result<()> {
    run(Command::new("ip").args(arguments.split(' ')))
}

/// Runs a program that is done in a moment.
pub fn run(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(())
}
