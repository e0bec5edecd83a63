//! What fails.

use crate::machine::Machine;
use crate::network::{ZONES, Zone};
use anyhow::Result;
use clap::ValueEnum;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Fault {
    /// The primary's PostgreSQL is killed
    Postgres,
    /// All of the primary's machine is killed
    Machine,
    /// The primary's machine stands still
    Pause,
    /// The primary's zone is cut off from the others
    CutOff,
    /// The primary's disk is full
    Disk,
    /// A standby's machine is killed
    Standby,
    /// Both standbys' machines are killed
    Standbys,
}

impl Fault {
    /// For the table.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Postgres => "the primary's PostgreSQL is killed",
            Self::Machine => "all on the primary's machine is killed",
            Self::Pause => "the primary's machine stands still",
            Self::CutOff => "the primary's zone is cut off",
            Self::Disk => "the primary's disk is full",
            Self::Standby => "all on a standby's machine is killed",
            Self::Standbys => "all on both standbys' machines is killed",
        }
    }

    /// Whether another node is to become the primary.
    pub const fn fails_over(self) -> bool {
        !matches!(self, Self::Standby | Self::Standbys)
    }

    /// Where the primary is in that zone.
    pub fn begin(self, machines: &mut [Machine; 3], primary: Zone) -> Result<()> {
        for zone in self.zones(primary) {
            let machine = &mut machines[zone.index()];
            match self {
                Self::Postgres => machine.kill_postgres()?,
                Self::Machine | Self::Standby | Self::Standbys => machine.kill()?,
                Self::Pause => machine.pause()?,
                Self::CutOff => zone.cut_off()?,
                Self::Disk => machine.fill_disk()?,
            }
        }
        Ok(())
    }

    /// Where the primary was in that zone when it began.
    pub fn end(self, machines: &mut [Machine; 3], primary: Zone) -> Result<()> {
        for zone in self.zones(primary) {
            let machine = &mut machines[zone.index()];
            match self {
                // Patroni starts it again.
                Self::Postgres => {}
                Self::Machine | Self::Standby | Self::Standbys => machine.boot()?,
                Self::Pause => machine.resume()?,
                Self::CutOff => zone.join()?,
                Self::Disk => machine.empty_disk()?,
            }
        }
        Ok(())
    }

    fn zones(self, primary: Zone) -> Vec<Zone> {
        let standbys = ZONES.into_iter().filter(|zone| *zone != primary);
        match self {
            Self::Standby => standbys.take(1).collect(),
            Self::Standbys => standbys.collect(),
            _ => vec![primary],
        }
    }
}
