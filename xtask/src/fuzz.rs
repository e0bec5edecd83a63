//! Fuzzing of the verifier: every target for a minute, several at a time.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;
use crate::{command, tools};

/// Whether this system's fuzzing is known to work.
pub const IS_TRIED_HERE: bool = cfg!(target_os = "linux");

const SECONDS: u32 = 60;
/// Parsers of at most some hundred kilobytes have no use for more.
const MEGABYTES: u32 = 512;
/// Longer than this for one input counts as hanging.
const SECONDS_FOR_ONE_INPUT: u32 = 10;

/// Runs all targets; false where this machine cannot.
pub fn run(workspace: &Workspace) -> Result<bool> {
    if !IS_TRIED_HERE {
        println!("Fuzzing is tried on Linux only.");
        return Ok(false);
    }
    if !command::succeeds(Command::new("c++").arg("--version")) {
        println!("libFuzzer is C++, and there is no c++: install one, on Debian g++.");
        return Ok(false);
    }
    let fuzz = Fuzz::prepare(workspace)?;
    let targets = fuzz.targets()?;
    let next = AtomicUsize::new(0);
    let runners = thread::available_parallelism().map_or(2, |cores| cores.get() + 1);
    let failed: Vec<String> = thread::scope(|scope| {
        let work = || {
            let take = || targets.get(next.fetch_add(1, Ordering::Relaxed));
            std::iter::from_fn(take).filter(|target| !fuzz.has_passed(target)).cloned().collect::<Vec<_>>()
        };
        let runners: Vec<_> = (0..runners).map(|_| scope.spawn(work)).collect();
        runners.into_iter().flat_map(|runner| runner.join().unwrap_or_default()).collect()
    });
    if !failed.is_empty() {
        bail!("found by fuzzing: {}", failed.join(", "));
    }
    Ok(true)
}

/// The built targets.
struct Fuzz {
    program: PathBuf,
    crate_folder: PathBuf,
    target_folder: PathBuf,
    seeds: PathBuf,
    corpora: PathBuf,
    findings: PathBuf,
}

impl Fuzz {
    fn prepare(workspace: &Workspace) -> Result<Self> {
        let steps = workspace.steps().join("fuzz");
        let fuzz = Self {
            program: tools::cargo_fuzz().program()?,
            crate_folder: workspace.join("verifier/fuzz"),
            target_folder: workspace.target().join("fuzz"),
            seeds: steps.join("seeds"),
            corpora: steps.join("corpora"),
            findings: steps.join("findings"),
        };
        let mut seeds = Command::new("cargo");
        seeds.args(["run", "--quiet", "--locked", "--example", "seeds", "--target-dir"]);
        seeds.arg(workspace.target()).arg("--").arg(&fuzz.seeds).current_dir(&fuzz.crate_folder);
        command::run(&mut seeds).context("cannot write what fuzzing starts from")?;
        command::run(&mut fuzz.built("build"))?;
        Ok(fuzz)
    }

    fn cargo_fuzz(&self, subcommand: &str) -> Command {
        let mut cargo_fuzz = Command::new(&self.program);
        cargo_fuzz.args(["fuzz", subcommand, "--fuzz-dir", "."]).current_dir(&self.crate_folder);
        cargo_fuzz
    }

    /// Without a sanitizer, so that stable Rust will do: there is no unsafe code to watch.
    fn built(&self, subcommand: &str) -> Command {
        let mut cargo_fuzz = self.cargo_fuzz(subcommand);
        cargo_fuzz.args(["--sanitizer", "none", "--target-dir"]).arg(&self.target_folder);
        cargo_fuzz
    }

    fn targets(&self) -> Result<Vec<String>> {
        let list = command::output(&mut self.cargo_fuzz("list"))?;
        Ok(list.lines().map(str::to_owned).collect())
    }

    /// Runs one target, and says how it went.
    fn has_passed(&self, target: &str) -> bool {
        let outcome = self.run(target);
        match &outcome {
            Ok(summary) => println!("{target}: {summary}"),
            Err(error) => println!("{target}: FAILED\n{error:#}"),
        }
        outcome.is_ok()
    }

    /// What libFuzzer says at the end.
    fn run(&self, target: &str) -> Result<String> {
        let corpus = self.corpora.join(target);
        let findings = self.findings.join(target);
        for folder in [&corpus, &findings] {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let mut run = self.built("run");
        // What was found before is tried again first.
        run.arg(target).arg(corpus).arg(self.seeds.join(target)).arg(&findings).arg("--");
        run.arg(format!("-max_total_time={SECONDS}")).arg(format!("-rss_limit_mb={MEGABYTES}"));
        run.arg(format!("-timeout={SECONDS_FOR_ONE_INPUT}"));
        run.arg(format!("-artifact_prefix={}/", findings.display()));
        let output = run.output().context("cannot start cargo-fuzz")?;
        let messages = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            bail!("{messages}");
        }
        Ok(messages.lines().rfind(|line| line.starts_with("Done ")).unwrap_or("passed").to_owned())
    }
}
