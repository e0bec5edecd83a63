//! The program `soter-server`.

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser, Subcommand};
use soter_server::environment;
use soter_server::secret::{self, Hash};
use soter_server::settings::Settings;
use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Checks the results of wx.startSoterAuthentication, with WeChat's own HTTP contract. Without any settings it runs for
/// this machine on an SQLite file in the current folder, and says how to try it.
#[derive(Parser)]
#[command(name = "soter-server", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Subcommand)]
enum Command {
    /// Make an access token, and the hash of it that the service is to be given
    Token,
    /// Bring the tables up to date, and end; the service may then have a role that only changes rows
    Migrate {
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Copy an SQLite database into a new file, while the service runs
    Backup {
        /// The new file
        file: PathBuf,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Say what the service would do with these settings and this database, and change nothing
    Check {
        #[command(flatten)]
        settings: Box<Settings>,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| without_values(error).exit());
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    match arguments.command {
        Some(Command::Token) => make_token(),
        Some(Command::Check { settings }) => check(read(*settings)?),
        Some(Command::Migrate { settings }) => migrate(read(*settings)?),
        Some(Command::Backup { file, settings }) => backup(read(*settings)?, &file),
        None => serve(read(arguments.settings)?),
    }
}

/// The settings with what is in the files that they name, if there is nothing wrong about them.
fn read(mut settings: Settings) -> anyhow::Result<Settings> {
    let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    environment::check(&Arguments::command(), names)?;
    settings.read_files()?;
    settings.check()?;
    Ok(settings)
}

#[tokio::main]
async fn serve(settings: Settings) -> anyhow::Result<()> {
    soter_server::run::run(settings).await
}

#[tokio::main]
async fn check(settings: Settings) -> anyhow::Result<()> {
    soter_server::check::check(&settings).await
}

#[tokio::main]
async fn migrate(settings: Settings) -> anyhow::Result<()> {
    soter_server::store::Store::migrate(&settings.database_url).await
}

#[tokio::main]
async fn backup(settings: Settings, file: &Path) -> anyhow::Result<()> {
    soter_server::backup::backup(&settings.database_url, file).await
}

/// Somebody may have given the secret itself where its hash is wanted, and this goes to a log.
fn without_values(mut error: clap::Error) -> clap::Error {
    let is_secret = error.get(ContextKind::InvalidArg).is_some_and(|argument| {
        let argument = argument.to_string();
        ["--access-token-hash", "--app", "--database-url", "--upstream"]
            .iter()
            .any(|name| argument.starts_with(name))
    });
    if is_secret && error.get(ContextKind::InvalidValue).is_some() {
        error.insert(ContextKind::InvalidValue, ContextValue::String("(not shown)".to_owned()));
    }
    error
}

fn make_token() -> anyhow::Result<()> {
    let token = secret::random()?;
    println!("token, for the backend:      {token}");
    println!("hash, for --access-token-hash: {}", Hash::of(&token).to_hex());
    Ok(())
}
