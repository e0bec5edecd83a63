//! `cargo xtask test`: the build, then every part of the tests, two at a time, and the count at the end.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};

use crate::browsers::{self, Browser};
use crate::workspace::Workspace;
use crate::{build, command, formats, node, published, python, static_server, tools, wasm_pack, webkit};

/// Names a PostgreSQL server to the tests.
const POSTGRES: &str = "SOTER_TEST_POSTGRES";
/// Debian's packages that have one, and the pooler that people put before it.
const POSTGRES_PACKAGES: [&str; 3] = ["postgresql", "postgresql-common", "pgbouncer"];
/// How many parts run at a time.
const JOBS: usize = 2;

/// Which parts to run.
#[derive(Args)]
pub struct Choice {
    /// Run these parts only
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Run the suites in Rust in this browser only
    #[arg(long, value_enum)]
    browser: Option<Browser>,
}

/// In the order in which they begin: what takes longest is not the last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Part {
    /// The built package in Chromium and Firefox
    Package,
    /// The built package in WebKitGTK and WPE
    Webkit,
    /// The rules in plain Rust
    Rules,
    /// In browsers, with a scripted authenticator
    Stock,
    /// In browsers, with a virtual authenticator
    Authenticator,
    /// The emulator, alone and in the places that people put it
    Emulator,
    /// Applications of Taro, uni-app, Next and Nuxt, by their own command lines; npm installs hundreds of megabytes
    Hosts,
    /// soter-server over HTTP, on SQLite and PostgreSQL
    Server,
    /// The verifier and other WebAuthn libraries, on the same cases
    Peers,
    /// What crates.io and docs.rs would get of the crates
    Published,
    /// What else a release needs: each crate by itself, with its oldest Rust, and `cargo deny`
    Release,
    /// Bundlers, Node, jsdom and the types
    Consumers,
    /// server/deploy/: the static program in an empty root folder, systemd's and nginx's word on their files
    Deploy,
    /// `wx-soter/server`, against other code and in other runtimes
    ServerEntry,
    /// Results of browsers and of the emulator, checked by soter-server
    ServerLoop,
    /// The folders of examples/ as a user starts them, and the pages of docs/
    Examples,
    /// The budget
    Size,
}

impl Part {
    /// Whether it has no need of the built package.
    fn is_in_rust(self) -> bool {
        matches!(
            self,
            Self::Rules
                | Self::Stock
                | Self::Authenticator
                | Self::Server
                | Self::Peers
                | Self::Published
                | Self::Release
                | Self::Deploy
        )
    }

    /// Whether it runs only where it is named: it takes long, and fetches much.
    fn is_apart(self) -> bool {
        matches!(self, Self::Hosts | Self::Release | Self::Deploy)
    }
}

/// Runs the chosen parts; an error if any failed.
pub fn run(workspace: &Workspace, choice: &Choice) -> Result<()> {
    let all = || Part::value_variants().iter().copied();
    let is_chosen =
        |part: &Part| if choice.only.is_empty() { !part.is_apart() } else { choice.only.contains(part) };
    let parts: Vec<Part> = all().filter(is_chosen).collect();
    if parts.iter().any(|part| !part.is_in_rust()) {
        build::run(workspace)?;
    }
    if let [part] = parts[..] {
        return run_part(workspace, part, choice.browser);
    }
    // Before they run side by side: two that install at once would be in each other's way.
    ensure_all()?;
    let logs = workspace.steps().join("test");
    fs::create_dir_all(&logs).with_context(|| format!("cannot make {}", logs.display()))?;
    let next = Mutex::new(parts.into_iter());
    let outcomes = Mutex::new(Vec::new());
    let work = || {
        // The lock is free again before the part runs.
        while let Some(part) = { next.lock().ok().and_then(|mut next| next.next()) } {
            let name = part.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
            println!("{name}: begins");
            let started = Instant::now();
            let log = logs.join(format!("{name}.log"));
            let outcome = run_apart(&name, choice.browser, &log);
            let seconds = started.elapsed().as_secs();
            let text = fs::read_to_string(&log).unwrap_or_default();
            match &outcome {
                Ok(()) => {
                    let skipped = text
                        .lines()
                        .filter(|line| line.starts_with("SKIPPED"))
                        .collect::<Vec<_>>()
                        .join("\n");
                    println!("{name}: passed, {seconds} s. {skipped}");
                }
                Err(error) => println!(
                    "{name}: FAILED, {seconds} s ({error:#}). It printed:\n{text}\n{name}: that was it."
                ),
            }
            if let Ok(mut outcomes) = outcomes.lock() {
                outcomes.push((name, outcome.is_ok()));
            }
        }
    };
    thread::scope(|scope| (0..JOBS).for_each(|_| drop(scope.spawn(work))));
    let outcomes = outcomes.into_inner().unwrap_or_default();
    let failed: Vec<String> =
        outcomes.iter().filter(|(_, passed)| !passed).map(|(name, _)| name.clone()).collect();
    println!("{} parts passed; what each printed is in {}", outcomes.len() - failed.len(), logs.display());
    ensure!(failed.is_empty(), "these parts failed: {}", failed.join(", "));
    Ok(())
}

/// Installs, or finds, all programs that the tests need; says everything that is missing.
pub fn ensure_all() -> Result<()> {
    for tool in [tools::wasm_bindgen()?, tools::WASM_PACK] {
        println!("{}", tool.program()?.display());
    }
    ensure_postgres()?;
    webkit::ensure()?;
    browsers::ensure_all()
}

/// Runs one part in a process of its own, whose output goes to a file.
fn run_apart(name: &str, browser: Option<Browser>, log: &Path) -> Result<()> {
    let output = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let mut part = Command::new(std::env::current_exe().context("cannot tell the path of this program")?);
    part.args(["test", "--only", name]).env(build::BUILT, "1");
    if let Some(browser) = browser.and_then(|browser| browser.to_possible_value()) {
        part.args(["--browser", browser.get_name()]);
    }
    part.stdout(output.try_clone().context("cannot use the log twice")?).stderr(output);
    command::run(&mut part)
}

fn run_part(workspace: &Workspace, part: Part, browser: Option<Browser>) -> Result<()> {
    let browsers = [Browser::Chromium, Browser::Firefox];
    let mut browsers = browsers.into_iter().filter(|each| browser.is_none_or(|only| only == *each));
    match part {
        Part::Rules => {
            command::run(workspace.cargo().args(["test", "--workspace", "--exclude", "soter-server"]))
        }
        Part::Server => {
            let mut tests = workspace.cargo();
            tests.args(["test", "--package", "soter-server"]);
            command::run(&mut with_postgres(tests)?)
        }
        Part::Peers => {
            node::ensure_packages(workspace, "")?;
            peers(workspace)
        }
        Part::Published => {
            command::run(&mut node_tests(workspace, "tests/published")?)?;
            published::packages(workspace, &["--no-verify"])?;
            published::documentation(workspace)
        }
        Part::Release => published::check(workspace),
        Part::Stock => {
            browsers.try_for_each(|each| wasm_pack::stock(workspace, each))?;
            if browser.is_none() && webkit::ensure()? {
                wasm_pack::stock_in_webkit(workspace)
            } else {
                Ok(())
            }
        }
        Part::Authenticator => browsers.try_for_each(|browser| wasm_pack::authenticator(workspace, browser)),
        Part::Package => command::run(&mut node_tests(workspace, "tests/package")?),
        Part::Webkit if webkit::ensure()? => command::run(&mut node_tests(workspace, "tests/webkit")?),
        Part::Webkit => Ok(()),
        Part::Emulator => {
            node::ensure_packages(workspace, node::HOSTS)?;
            command::run(&mut node_tests(workspace, "tests/emulator")?)
        }
        Part::ServerEntry => command::run(&mut node_tests(workspace, "tests/server-entry")?),
        Part::ServerLoop => {
            let mut tests = node_tests(workspace, "tests/server")?;
            tests.env("WX_SOTER_SERVER", build::soter_server(workspace)?);
            let requirements = workspace.join("tests/server/python/requirements.txt");
            if let Some(python) = python::with_packages(workspace, "wechat", &requirements)? {
                tests.env("WX_SOTER_WECHAT_PYTHON", python.get_program());
            }
            command::run(&mut with_postgres(tests)?)
        }
        Part::Examples => {
            let mut tests = node_tests(workspace, "tests/examples")?;
            command::run(tests.env("WX_SOTER_SERVER", build::soter_server(workspace)?))
        }
        Part::Deploy => {
            let mut tests = node_tests(workspace, "tests/deploy")?;
            tests.env("WX_SOTER_SERVER", build::soter_server(workspace)?);
            command::run(
                tests.envs(static_server::build(workspace)?.map(|path| ("WX_SOTER_STATIC_SERVER", path))),
            )
        }
        Part::Hosts => command::run(&mut node_tests(workspace, "tests/hosts")?),
        Part::Consumers => command::run(&mut node_tests(workspace, "tests/consumers")?),
        Part::Size => command::run(&mut workspace.node("xtask/js/size.mjs")),
    }
}

/// The tests of one folder, by Node's own runner.
fn node_tests(workspace: &Workspace, folder: &str) -> Result<Command> {
    let entries = fs::read_dir(workspace.join(folder)).with_context(|| format!("cannot read {folder}"))?;
    let mut tests: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    tests.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    tests.sort();
    ensure!(!tests.is_empty(), "there are no tests in {folder}");
    let mut node = workspace.node("--test");
    node.args(["--test-concurrency=1", "--test-reporter=spec"]).args(tests);
    // A demo that they start must not replace what others are looking at.
    browsers::tell(node.env(build::BUILT, "1"))?;
    Ok(node)
}

/// Asks the verifier what it knows, and it and other libraries about every case; an error where our texts say otherwise, or where they
/// disagree and it is not listed why.
fn peers(workspace: &Workspace) -> Result<()> {
    formats::check(workspace)?;
    let cases = workspace.steps().join("cases.json");
    command::run(peers_program(workspace, "verdicts").arg(&cases))?;
    let mut test = workspace.node("--test");
    command::run(test.arg("verifier/peers/js/verdicts.test.mjs").env("WX_SOTER_CASES", &cases))?;
    let requirements = workspace.join("verifier/peers/python/requirements.txt");
    match python::with_packages(workspace, "peers", &requirements)? {
        Some(mut python) => {
            command::run(python.arg(workspace.join("verifier/peers/python/verdicts.py")).arg(&cases))
        }
        None => Ok(()),
    }
}

/// A program of the crate that depends on the other libraries; arguments that are added are the program's. In release, for the sake
/// of figures, and so that there is one build for both.
pub fn peers_program(workspace: &Workspace, name: &str) -> Command {
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--locked", "--release", "--bin", name, "--target-dir"]);
    cargo.arg(workspace.target()).arg("--").current_dir(workspace.join("verifier/peers"));
    cargo
}

/// Installs what is missing of it, where that is allowed. (Debian has PgBouncer where only root looks for programs.)
fn ensure_postgres() -> Result<()> {
    let has_pgbouncer = command::on_path("pgbouncer").is_some() || Path::new("/usr/sbin/pgbouncer").is_file();
    if has_pgbouncer && command::on_path("pg_virtualenv").is_some() {
        return Ok(());
    }
    browsers::install(&POSTGRES_PACKAGES)
}

/// A program with a PostgreSQL: the one that the environment names, or one of its own by Debian's `pg_virtualenv`, or a word that there
/// is none, and then what needs it is skipped.
pub fn with_postgres(program: Command) -> Result<Command> {
    if std::env::var_os(POSTGRES).is_some() {
        return Ok(program);
    }
    ensure_postgres()?;
    let Some(pg_virtualenv) = command::on_path("pg_virtualenv") else {
        println!(
            "SKIPPED on PostgreSQL: there is no pg_virtualenv (Debian: postgresql-common); {POSTGRES} may name a server"
        );
        return Ok(program);
    };
    let mut within = Command::new(pg_virtualenv);
    // In a folder of its own for root too, who would have but one at a time otherwise, and find what a killed run has left.
    // Without TLS, through which the tests' proxy could not look.
    within.args(["-t", "-o", "max_connections=200", "-o", "ssl=off", "sh", "-c"]);
    within.arg(format!(
        "export {POSTGRES}=postgres://$PGUSER:$PGPASSWORD@$PGHOST:$PGPORT/postgres; exec \"$@\""
    ));
    within.arg("sh").arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => within.env(name, value),
            None => within.env_remove(name),
        };
    }
    let Some(folder) = program.get_current_dir() else { bail!("the program has no folder") };
    within.current_dir(folder);
    Ok(within)
}
