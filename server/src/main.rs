//! The program `soter-server`.

use clap::{Parser, Subcommand};
use soter_server::secret::{self, Hash};
use soter_server::settings::Settings;
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
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Some(Command::Token) => make_token(),
        None => serve(arguments.settings),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(settings: Settings) -> anyhow::Result<()> {
    soter_server::run::run(settings).await
}

fn make_token() -> anyhow::Result<()> {
    let token = secret::random()?;
    println!("token, for the backend:      {token}");
    println!("hash, for --access-token-hash: {}", Hash::of(&token).to_hex());
    Ok(())
}
